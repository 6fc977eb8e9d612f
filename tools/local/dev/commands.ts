import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface, emitKeypressEvents } from 'node:readline';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Environment } from '../../lib/environment';
import { messageOf } from '../../lib/errors';
import { INTERRUPTED } from '../../lib/interrupt';
import type { Output } from '../../lib/terminal';
import type { Engine } from '../client';
import { s3At, sampleFile, type UploadRule } from '../sample';
import type { Outputs } from '../state';

/** What a session can be told to do, by key on a terminal and by word elsewhere. */
export const COMMANDS = {
  u: ['upload', 'upload the sample again (--sample FILE)'],
  f: ['failures', 'what failed'],
  r: ['redrive', 'send it back'],
  d: ['diff', 'what Terraform would change'],
  q: ['quit', 'end; the engine runs on'],
} as const;

export type Command = keyof typeof COMMANDS;

/** For people, on one line. */
export const commandsText = (isTerminal: boolean): string =>
  Object.entries(COMMANDS)
    .map(([key, [word, what]]) => `${isTerminal ? key : word}: ${what}`)
    .join('   ');

/** Reads commands from a terminal's keys, or from lines of another input. @returns gives the input back */
export function readCommands(input: NodeJS.ReadStream, onCommand: (command: Command) => void): () => void {
  if (input.isTTY) {
    emitKeypressEvents(input);
    input.setRawMode(true);
    const onKey = (_: unknown, { name = '', ctrl = false }: { name?: string; ctrl?: boolean }): void => {
      // In raw mode Ctrl-C is a key like others. The second ends the process: nobody listens to it any more.
      if (ctrl && name === 'c') {
        if (!process.emit('SIGINT')) process.exit(INTERRUPTED);
      } else if (name in COMMANDS) onCommand(name as Command);
    };
    input.on('keypress', onKey);
    return () => {
      input.off('keypress', onKey).setRawMode(false).pause();
    };
  }
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const found = Object.entries(COMMANDS).find(([key, [word]]) => [key, word].includes(line.trim()));
    if (found) onCommand(found[0] as Command);
  });
  return () => {
    lines.close();
  };
}

export interface UploadProps {
  readonly engine: Engine;
  readonly outputs: Outputs;
  readonly rule: UploadRule;
  /** A file of the user's own. @default the sample of `npm start` */
  readonly sample: string | undefined;
}

/** Uploads once and does not wait: the log tells what becomes of it. @returns the key */
export async function uploadOnce({ engine, outputs, rule, sample }: UploadProps): Promise<string> {
  const { name, body } =
    sample === undefined
      ? sampleFile(rule, new Date())
      : { name: path.basename(sample), body: await readFile(sample) };
  const Key = `${outputs.upload_prefix}${name}`;
  await s3At(engine).send(new PutObjectCommand({ Bucket: outputs.upload_bucket, Key, Body: body }));
  return Key;
}

/** The program of a command that is one of the project's own. */
const PROGRAMS: Readonly<Partial<Record<Command, readonly string[]>>> = {
  f: ['tools/operate/failures.ts'],
  r: ['tools/operate/redrive.ts'],
  d: ['tools/change/deploy.ts', 'diff'],
};

/** Runs the project's own command on this terminal, and waits for its end. */
export async function runProgram(
  command: Command,
  { root, env, output }: { readonly root: string; readonly env: Environment; readonly output: Output },
): Promise<void> {
  const [program, ...args] = PROGRAMS[command] ?? [];
  if (program === undefined) return;
  const child = spawn(process.execPath, ['tools/build/run.mjs', program, ...args], {
    cwd: root,
    env: { ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output.write(`${messageOf(error)}\n`);
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
  });
}
