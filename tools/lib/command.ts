import './quiet-sdk';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../../config/nearest';
import { codeOf, messageOf, ToolError, UsageError } from './errors';
import { explain } from './explain';

/**
 * Parses a command line strictly: an unknown option, a missing value or a stray argument is a UsageError.
 * @returns options and positional arguments
 */
export function parseOptions<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  refuseTaken(config);
  try {
    return parseArgs(config);
  } catch (error) {
    if (codeOf(error)?.startsWith('ERR_PARSE_ARGS_')) throw new UsageError(wrongLine(error, config));
    throw error;
  }
}

/** What is wrong with a command line, the option that was probably meant, and where they are listed. */
function wrongLine(error: unknown, { options = {} }: ParseArgsConfig): string {
  const [said = ''] = messageOf(error).split(/\. |\n/u);
  const [, option] =
    codeOf(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? (/'--?([^']+)'/u.exec(said) ?? []) : [];
  const near = option === undefined ? undefined : nearest(option, Object.keys(options));
  const { npm_lifecycle_event: script } = process.env;
  return [
    said.replace(/\.?$/u, '.'),
    ...(near === undefined ? [] : [`Did you mean --${near}?`]),
    `All options: ${script === undefined ? '' : `npm run ${script} -- `}--help`,
  ].join(' ');
}

/** npm sets these by itself; without yes and json a command does less, not more. */
const NPMS_OWN = new Set(['yes', 'json', 'help', 'prefix']);

/**
 * `npm run redrive --dry-run` gives the option to npm, which passes it on in a variable alone: the command would do what
 * it was only to tell. https://docs.npmjs.com/cli/v11/commands/npm-run
 */
function refuseTaken({ options = {} }: ParseArgsConfig): void {
  const { npm_lifecycle_event: script } = process.env;
  if (script === undefined) return;
  for (const name of Object.keys(options)) {
    if (NPMS_OWN.has(name) || !process.env[`npm_config_${name.replaceAll('-', '_')}`]) continue;
    throw new UsageError(
      `npm took --${name} for an option of its own. Write two hyphens before the options: npm run ${script} -- --${name} …`,
    );
  }
}

/** A command: takes its command line and returns its exit code. */
export type Main = (args: readonly string[]) => Promise<number>;

/**
 * Runs a command and returns its exit code; 2 for a wrong command line, 1 for every other error. Only a defect of the
 * tool itself prints a stack.
 */
export async function exitCodeOf(main: Main, args: readonly string[]): Promise<number> {
  try {
    return await main(args);
  } catch (error) {
    const expected = error instanceof UsageError || error instanceof ToolError || isSettingsError(error);
    console.error(expected ? error.message : (explain(error) ?? error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Runs a command as this process: on its command line, with its exit code. */
export async function runTool(main: Main): Promise<void> {
  process.exitCode = await exitCodeOf(main, process.argv.slice(2));
}

/** Compares the name, because config/environments.ts loads a library that most tools do not need. */
const isSettingsError = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'SettingsError';
