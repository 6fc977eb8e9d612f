import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Asks a person. */
export type Ask = (question: string) => Promise<string>;

/** Asks on this process's terminal, on standard error; undefined where there is none. */
export const askOnTerminal = (): Ask | undefined =>
  process.stdin.isTTY && process.stderr.isTTY ? ask : undefined;

/** @returns the answer; an empty one after Ctrl-C or Ctrl-D */
async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(prompt, 'close').then(() => '');
  const answer = await Promise.race([prompt.question(question), closed]);
  prompt.close();
  return answer.trim();
}
