import { exitCodeOf, type Main } from '../../tools/lib/command';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in this process, as `npm run` would in one of its own.
 * @param env its environment, and nothing else. @default this process's
 */
export async function runMain(
  main: Main,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const collect = (stream: keyof typeof printed) => (text: unknown) => {
    printed[stream] += String(text);
    return true;
  };
  const line = (stream: keyof typeof printed) => (text: unknown) => void collect(stream)(`${String(text)}\n`);
  const before = process.env;
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(line('stdout')),
    jest.spyOn(console, 'error').mockImplementation(line('stderr')),
    jest.spyOn(process.stdout, 'write').mockImplementation(collect('stdout')),
    jest.spyOn(process.stderr, 'write').mockImplementation(collect('stderr')),
  ];
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED } = before; // set by tools/lib/quiet-sdk.ts
  process.env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED, ...env };
  try {
    return { status: await exitCodeOf(main, args), ...printed };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}
