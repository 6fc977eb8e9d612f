import path from 'node:path';
import { parseSettings } from '../../config/environments';
import { messageOf } from '../../tools/lib/errors';
import type { Main } from '../../tools/lib/command';
import { errorOf } from '../support/error-of';
import { runMain } from '../support/tool';

// A module of another kind, which jest does not load.
jest.mock('../../tools/build/bundle.mjs', () => ({
  handlerNames: () => Promise.resolve(['caller', 'invoked', 'process-upload', 'sweep']),
}));

/** What a person may type, and the sentence that they get. Every one ends with 2, prints no stack, and changes nothing. */
const COMMANDS: readonly (readonly [tool: string, args: string, sentence: string])[] = [
  ['operate/status', '--jsn', "Unknown option '--jsn'. Did you mean --json? All options: --help"],
  [
    'operate/status',
    '--env nope',
    '--env: got "nope"; known environments are local, dev, prod (config/environments.ts).',
  ],
  ['operate/status', '--env', "Option '--env <value>' argument missing. All options: --help"],
  ['operate/status', 'now', "Unexpected argument 'now'. All options: --help"],
  ['operate/status', '--json=yes', "Option '--json' does not take an argument. All options: --help"],
  ['operate/logs', '--functon mover', "Unknown option '--functon'. Did you mean --function?"],
  [
    'operate/logs',
    '--since yesterday',
    '--since: got "yesterday"; expected a number with s, m, h or d, such as 15m.',
  ],
  ['operate/logs', '--sinse 1h', 'Did you mean --since?'],
  ['operate/failures', '--functon mover', 'Did you mean --function?'],
  ['operate/failures', '--since tomorrow', '--since: got "tomorrow"; expected a time such as 2026-01-31'],
  ['operate/failures', '--error (', '--error: got "("; expected a regular expression of JavaScript'],
  ['operate/failures', '--max none', '--max: got "none"; expected an integer from 1 to 1000000.'],
  ['operate/failures', '--env prood', '--env: got "prood"; known environments are local, dev, prod'],
  ['operate/redrive', '--dry-rum', "Unknown option '--dry-rum'. Did you mean --dry-run?"],
  ['operate/redrive', '--rate fast', '--rate: got "fast"; expected an integer from 1 to 1000.'],
  ['operate/redrive', '--rate 0', '--rate: got "0"; expected an integer from 1 to 1000.'],
  ['operate/redrive', '--max 1.5', '--max: got "1.5"; expected an integer from 1 to 1000000.'],
  ['operate/redrive', '--hold 1', '--hold: got "1"; expected an integer from 5 to 43200.'],
  [
    'operate/redrive',
    '--until 2026-02-30T',
    '--until: got "2026-02-30T"; expected a time such as 2026-01-31',
  ],
  ['operate/redrive', '--wait long', '--wait: got "long"; expected a number with s, m, h or d, such as 15m.'],
  ['operate/redrive', 'histroy', 'Expected history, or options alone; got histroy.'],
  ['operate/redrive', '--env=', '--env: got ""; known environments are local, dev, prod'],
  ['operate/sweep', '--older-then 1h', "Unknown option '--older-then'. Did you mean --older-than?"],
  [
    'operate/sweep',
    '--older-than 1',
    '--older-than: got "1"; expected a number with s, m, h or d, such as 15m.',
  ],
  ['operate/sweep', '--rate 501', '--rate: got "501"; expected an integer from 1 to 500.'],
  ['operate/audit', '--since 7', '--since: got "7"; expected a number with s, m, h or d, such as 15m.'],
  [
    'operate/audit',
    '--failures /nowhere',
    '--failures: "/nowhere" could not be read as the output of `npm run failures -- --json`',
  ],
  ['operate/invoke', 'caller {a', 'PAYLOAD: got {a; expected JSON'],
  ['operate/invoke', 'caller {} {}', 'Expected one payload; got more. Put it in single quotes.'],
  ['operate/invoke', 'caler {}', 'NAME: got caler; expected one of caller, invoked, process-upload, sweep'],
  ['operate/invoke', '--asinc caller', "Unknown option '--asinc'. Did you mean --async?"],
  ['operate/invoke', '--env nope caller', '--env: got "nope"; known environments are local, dev, prod'],
  ['operate/release', 'promot', 'Expected status, promote or rollback; got promot. Did you mean promote?'],
  ['operate/release', '', 'Expected status, promote or rollback; got nothing.'],
  [
    'operate/release',
    'promote --weight 1',
    '--weight: got "1"; expected a share of more than 0 and less than 1.',
  ],
  ['operate/release', 'rollback --weight 0.1', '--weight goes with promote, not with rollback.'],
  ['operate/release', 'promote --version x', '--version: got "x"; expected an integer from 1'],
  ['operate/release', 'status --env nope', '--env: got "nope"; known environments are'],
  ['plan/doctor', '--env nope', '--env: got "nope"; known environments are'],
  ['plan/doctor', '--jsno', 'Did you mean --json?'],
  ['plan/capacity', '--rate fast', '--rate: got "fast"; expected a rate such as 200/s'],
  ['plan/capacity', '--memroy 512', 'Did you mean --memory?'],
  ['plan/capacity', '--errors 50', '--errors: got "50"; expected a part of the runs from 0% to 100%'],
  ['change/deploy', 'deplyo', 'Expected deploy, diff or destroy; got deplyo.'],
  ['change/deploy', 'deploy --env nope --yes', '--env: got "nope"; known environments are'],
  ['change/deploy', 'deploy', 'npm run deploy asks before it changes anything, but there is no terminal.'],
  ['change/review', 'a b', 'Expected one plan at most; got a, b.'],
  ['change/schedules', '--mode both', '--mode: got both; expected replace or keepBoth'],
  ['change/schedules', '--runs many', '--runs: got "many"; expected an integer from 0'],
  ['change/schedules', '--exhaustve', 'Did you mean --exhaustive?'],
  ['local/local', 'strat', 'Expected start, stop or run; got strat.'],
];

describe.each(COMMANDS)('npm run … %s %s', (tool, args, sentence) => {
  it('ends with 2 and a sentence', async () => {
    const { main } = (await import(path.resolve(`tools/${tool}.ts`))) as { main: Main };
    const ended = await runMain(main, args === '' ? [] : args.split(' '), {});

    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).not.toMatch(/^ +at /mu);
  });
});

/** Settings that a person may write, and the sentence that they get. */
const SETTINGS: readonly (readonly [settings: object, sentence: string])[] = [
  [
    { processUpload: { memorySize: 512 } },
    'processUpload.memorySize: there is no such setting; did you mean memorySizeMb? in processUpload there are',
  ],
  [
    { regoin: 'eu-west-1' },
    'regoin: there is no such setting; did you mean region? at the top level there are region,',
  ],
  [{ sweep: { everyMinute: 5 } }, 'sweep.everyMinute: there is no such setting; did you mean everyMinutes?'],
  [{ helth: {} }, 'helth: there is no such setting; did you mean health?'],
  [
    { processUpload: { timeoutSeconds: NaN } },
    'processUpload.timeoutSeconds: got NaN; expected an integer from 10 to 900 (seconds).',
  ],
  [
    { failureRetentionDays: Infinity },
    'failureRetentionDays: got Infinity; expected an integer from 1 to 14 (days).',
  ],
  [
    { failureRetentionDays: null },
    'failureRetentionDays: got null; expected an integer from 1 to 14 (days).',
  ],
  [
    { bucket: { name: '-bad-' } },
    'bucket.name: got "-bad-"; expected 3–63 lower-case letters, digits and hyphens, a letter or a digit first and last',
  ],
  [{ region: 'europe' }, 'region: got "europe"; expected an AWS region, such as eu-central-1.'],
  [{ protected: 'yes' }, 'protected: got "yes"; expected true or false.'],
  [
    { sweep: { everyMinutes: 200 } },
    'sweep.everyMinutes (200), health.oldestUploadMinutes (120 by default) and',
  ],
];

describe.each(SETTINGS)('the settings %j', (settings, sentence) => {
  it('are refused with a sentence', () => {
    const error = errorOf(() => parseSettings({ namePrefix: 'test', ...settings }, 'test'));

    expect(messageOf(error)).toContain(sentence);
  });
});

it('these are sixty and more', () => {
  expect(COMMANDS.length + SETTINGS.length).toBeGreaterThanOrEqual(60);
});
