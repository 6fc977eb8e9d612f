import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../../lib/errors';
import { Progress } from '../../lib/progress';
import { coloursFor, duration, table, type Output } from '../../lib/terminal';
import { awaitQuiet, watchAlarms, type ReadAlarms, type WatchProps } from './alarms';
import { readAlias, updateAlias, type ReadAlias } from './lambda-alias';
import { describe, promote, rollback, type Routing } from './routing';

export interface ReleaseContext {
  readonly client: LambdaClient;
  /** The full name of the function. */
  readonly functionName: string;
  readonly output: Output;
}

export interface ReleaseOptions {
  readonly command: 'promote' | 'rollback';
  readonly version?: number;
  readonly weight?: number;
  /** How long to watch the alarms, in milliseconds. @default they are not looked at */
  readonly watch?: number;
  readonly dryRun: boolean;
  readonly readAlarms: ReadAlarms;
  /** Whether there are alarms at all. */
  readonly haveAlarms: () => Promise<boolean>;
  /** How time passes while alarms are watched. @default the real time */
  readonly time?: Pick<WatchProps, 'now' | 'wait'>;
}

/** Prints what answers and what else there is. */
export async function status({ client, functionName, output }: ReleaseContext): Promise<number> {
  const { routing, versions } = await readAlias(client, functionName);
  const colours = coloursFor(output);
  const rows = versions
    .map(({ version, codeSha256, publishedAt }) => [
      String(version),
      codeSha256.slice(0, 12),
      publishedAt,
      version === routing.version ? 'live' : version === routing.canary?.version ? 'canary' : '',
    ])
    .reverse();
  output.write(`${functionName}:live is ${describe(routing)}\n\n`);
  output.write(`${table([['version', 'code', 'published', ''], ...rows])}\n`);
  if (rows.length === 0) output.write(colours.quiet('  no version is published\n'));
  return 0;
}

/**
 * Moves the alias, and takes that back where an alarm goes off while they are watched.
 * @returns the exit code
 * @throws {ToolError} where there is nothing to do, or an alarm is on before anything was done
 */
export async function release(context: ReleaseContext, options: ReleaseOptions): Promise<number> {
  const { client, functionName, output } = context;
  const { command, version, weight, readAlarms } = options;
  const before = await readAlias(client, functionName);
  const next =
    command === 'promote'
      ? promote(before, {
          ...(version !== undefined && { version }),
          ...(weight !== undefined && { weight }),
        })
      : rollback(before, version);
  output.write(
    `${functionName}:live\n${table([
      ['before', describe(before.routing)],
      ['after', describe(next)],
    ])}\n`,
  );
  if (options.dryRun) {
    output.write('Nothing was changed (--dry-run).\n');
    return 0;
  }
  const silent = options.watch !== undefined && !(await options.haveAlarms());
  if (silent && command === 'promote') throw new ToolError(NO_ALARMS);
  if (options.watch !== undefined && command === 'promote') await expectQuiet(readAlarms);
  const after = await updateAlias(client, before, next);
  output.write(`Done: ${describe(after.routing)} from now on.\n`);
  if (silent) {
    output.write('There are no alarms to watch (health.enabled): nothing says whether all is well now.\n');
    return UNWATCHED;
  }
  return options.watch === undefined ? 0 : watch(context, before.routing, after, options.watch, options);
}

/** The exit code of a rollback that was to be watched, and was not. */
const UNWATCHED = 3;

const NO_ALARMS =
  'There are no alarms to watch (health.enabled), so nothing could take the promotion back. Nothing was changed; ' +
  'deploy alarms first, or leave --watch out.';

async function expectQuiet(readAlarms: ReadAlarms): Promise<void> {
  const loud = await readAlarms();
  if (loud.length === 0) return;
  throw new ToolError(
    `In alarm already: ${loud.join(', ')}. Nothing was changed; see to that first, or leave --watch out.`,
  );
}

/** A promotion that sets off an alarm is taken back; a rollback stays, and is done when all is quiet again. */
async function watch(
  { client, output }: ReleaseContext,
  before: Routing,
  after: ReadAlias,
  milliseconds: number,
  { command, readAlarms, time }: ReleaseOptions,
): Promise<number> {
  const look = command === 'promote' ? watchAlarms : awaitQuiet;
  const loud = await new Progress(output).step(
    `Watching the alarms for up to ${duration(milliseconds)}`,
    (note) =>
      look({
        ...time,
        readAlarms,
        duration: milliseconds,
        onLook: (left) => {
          note(`${duration(left)} left`);
        },
      }),
    (names) => (names.length === 0 ? 'The alarms are quiet' : { failed: `In alarm: ${names.join(', ')}` }),
  );
  if (loud.length === 0) return 0;
  if (command === 'rollback') return 1;
  const { routing } = await updateAlias(client, after, before);
  output.write(`Taken back: ${describe(routing)} from now on.\n`);
  return 1;
}
