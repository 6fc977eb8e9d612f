import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ToolError } from '../../tools/lib/errors';
import { localPaths } from '../../tools/machine/paths';
import { readRecord } from '../../tools/local/record';
import { s3At } from '../../tools/local/sample';
import { start } from '../../tools/local/start';
import { readOutputs } from '../../tools/local/state';
import { stop } from '../../tools/local/stop';
import { copyProject } from '../../__tests__/e2e/project-copy';
import { reservePort } from '../../__tests__/support/reserved-port';
import { timed } from '../lib/command';
import type { Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';

const SAVES = 10;
const TIMEOUT_MS = 120_000;

/** Commands as people type them, and what they are measured by. */
const COMMANDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'node -e 0': [process.execPath, '-e', '0'],
  'npm run, nothing': ['npm', 'run', '--silent', 'nothing'],
  'npm run status -- --help': ['npm', 'run', '--silent', 'status', '--', '--help'],
  'npm run local -- true': ['npm', 'run', '--silent', 'local', '--', 'true'],
  'npm run step -- README.md': ['npm', 'run', '--silent', 'step', '--', 'README.md'],
};

export const devLoop: Section = {
  name: 'dev',
  about: 'from save to the next upload running the new code, and how fast commands answer',
  slow: true,
  run: async ({ quick, note }) => {
    // A copy, so that an engine that runs here is left alone.
    const copy = copyProject({ withEngine: true });
    const { root } = copy;
    const { port, release } = await reservePort();
    const env = { ...process.env, AWS_ENDPOINT_URL: undefined, PIPELINE_LOCAL_PORT: String(port) };
    const output = { write: () => undefined };
    addNothing(root);
    try {
      note('npm start');
      await start({ root, env, output });
      note('npm start, again');
      const again = await seconds(() => start({ root, env, output }));
      const step = path.join(root, 'handlers', 'process-upload', 'process.ts');
      const source = readFileSync(step, 'utf8');
      writeFileSync(step, withMark(source, randomUUID()));
      note('npm start, a handler changed');
      const changed = await seconds(() => start({ root, env, output }));
      note('saves');
      const saves = await savesOf({ root, env, step, source });
      note('commands');
      const commands = await commandsOf(root, env, quick ? 3 : 10);
      const of = (name: string): number => median(commands[name] ?? []);
      const measured = (what: string, unit: string, samples: readonly number[]) => ({
        what,
        unit,
        samples: { 'on this machine': samples },
      });
      return {
        title: 'Save, and see it run',
        measurements: [
          measured('save to the end of the next upload that runs it', 'ms', saves),
          measured('npm start where nothing changed', 's', [again]),
          measured('npm start where a handler changed', 's', [changed]),
          ...Object.entries(commands).map(([name, samples]) => measured(name, 'ms', samples)),
        ],
        ratios: [
          {
            what: 'save to the next upload that runs it, median of ten, s',
            value: median(saves) / 1000,
            target: { most: 1 },
          },
          { what: 'npm start where nothing changed, s', value: again, target: { most: 5 } },
          { what: 'npm start where a handler changed, s', value: changed, target: { most: 10 } },
          ...Object.keys(COMMANDS)
            .slice(1)
            .map((name) => ({ what: `${name} / node -e 0`, value: of(name) / of('node -e 0') })),
        ],
        notes: ['`npm run, nothing` is npm alone: the floor of every command.'],
      };
    } finally {
      await stop({ root, output });
      await release();
      copy.remove();
    }
  },
};

/** A script that does nothing, in the copy. */
function addNothing(root: string): void {
  const file = path.join(root, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Record<string, string> };
  manifest.scripts.nothing = 'node -e 0';
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** A step that logs a mark. */
const withMark = (source: string, mark: string): string =>
  source.replace(/'Processing an upload[^']*'/u, `'Processing an upload ${mark}'`);

interface Saved {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly step: string;
  readonly source: string;
}

/**
 * Saves a step and uploads again and again until an upload logs the new mark: from the save to the answer of that upload, in
 * milliseconds. The log tells a moment later, so the time is that of the upload, not of its line.
 */
async function savesOf({ root, env, step, source }: Saved): Promise<number[]> {
  const child = spawn(process.execPath, ['tools/build/run.mjs', 'tools/local/dev.ts'], {
    cwd: root,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = once(child, 'close');
  const until = async (what: string): Promise<void> => {
    const deadline = performance.now() + TIMEOUT_MS;
    while (!printed.includes(what)) {
      if (performance.now() > deadline) throw new ToolError(`npm run dev did not print ${what}:\n${printed}`);
      await sleep(5);
    }
  };
  const engine = await readRecord(localPaths(root));
  if (!engine) throw new ToolError('The engine does not run.');
  const s3 = s3At(engine);
  const Bucket = (await readOutputs(localPaths(root)))?.upload_bucket;
  try {
    await until('Watching.');
    const times: number[] = [];
    for (let nth = 0; nth < SAVES; nth += 1) {
      const mark = randomUUID();
      const uploads = new Map<string, number>();
      const saved = performance.now();
      writeFileSync(step, withMark(source, mark));
      while (!printed.includes(mark) && performance.now() - saved < TIMEOUT_MS) {
        const key = randomUUID();
        uploads.set(key, performance.now());
        await s3.send(new PutObjectCommand({ Bucket, Key: `uploads/${key}`, Body: key }));
        await sleep(50);
      }
      const key = [...uploads.keys()].find((one) =>
        printed.split('\n').some((line) => line.includes(mark) && line.includes(one)),
      );
      times.push((uploads.get(key ?? '') ?? Number.NaN) - saved);
    }
    return times;
  } finally {
    child.stdin.write('quit\n');
    await ended;
  }
}

async function commandsOf(
  root: string,
  env: NodeJS.ProcessEnv,
  rounds: number,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
  // The first round makes the bundles, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, [command, ...args]] of shuffled(Object.entries(COMMANDS))) {
      const { wallMs } = await timed(command, args, { root, env });
      if (round > 0) times[name]?.push(wallMs);
    }
  }
  return times;
}
