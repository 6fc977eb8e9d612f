import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PreconditionFailedException,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmsOf, watchAlarms } from '../../../../tools/operate/release/alarms';
import { release, status, type ReleaseOptions } from '../../../../tools/operate/release/release';

const lambda = mockClient(LambdaClient);

/** A function with versions 1–3 whose alias is where it was last put. */
function deployed(version = '2', weights: Record<string, number> = {}): void {
  let alias = {
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: weights },
    RevisionId: 'r0',
  };
  let revision = 0;
  const versions = ['$LATEST', '1', '2', '3'].map((Version) => ({
    Version,
    CodeSha256: `hash-of-${Version}`,
  }));
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: versions });
  lambda.on(GetAliasCommand).callsFake(() => alias);
  lambda.on(UpdateAliasCommand).callsFake((input: typeof alias) => {
    revision += 1;
    alias = { ...input, RevisionId: `r${revision}` };
    return alias;
  });
}

function run(options: Partial<ReleaseOptions> = {}) {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  const context = { client: new LambdaClient({ region: 'eu-west-1' }), functionName: 'mover', output };
  const all = {
    command: 'promote' as const,
    dryRun: false,
    readAlarms: () => Promise.resolve([]),
    haveAlarms: () => Promise.resolve(true),
    ...options,
  };
  return { context, text: () => written.join(''), done: () => release(context, all) };
}

const updates = () => lambda.commandCalls(UpdateAliasCommand).map(({ args: [{ input }] }) => input);

/** Time that passes only while something waits. */
function fakeTime() {
  let clock = 0;
  return {
    now: () => clock,
    wait: (milliseconds: number) => {
      clock += milliseconds;
      return Promise.resolve();
    },
  };
}

describe('release', () => {
  beforeEach(() => {
    lambda.reset();
  });

  it('moves the alias and nothing else, on the revision that it read, and prints before and after', async () => {
    deployed();
    const { done, text } = run();

    expect(await done()).toBe(0);
    expect(updates()).toEqual([
      {
        FunctionName: 'mover',
        Name: 'live',
        FunctionVersion: '3',
        RoutingConfig: { AdditionalVersionWeights: {} },
        RevisionId: 'r0',
      },
    ]);
    expect(text()).toContain('before  version 2\n  after   version 3\n');
  });

  it('gives a canary its share', async () => {
    deployed();

    await run({ weight: 0.25 }).done();

    expect(updates()).toMatchObject([
      { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 3: 0.25 } } },
    ]);
  });

  it('takes a release back', async () => {
    deployed('3');

    await run({ command: 'rollback' }).done();

    expect(updates()).toMatchObject([{ FunctionVersion: '2' }]);
  });

  it('changes nothing in a dry run', async () => {
    deployed();
    const { done, text } = run({ dryRun: true });

    expect(await done()).toBe(0);
    expect(updates()).toEqual([]);
    expect(text()).toContain('Nothing was changed');
  });

  it('says so where someone else has moved the alias meanwhile', async () => {
    deployed();
    lambda.on(UpdateAliasCommand).rejects(new PreconditionFailedException({ message: '', $metadata: {} }));

    await expect(run().done()).rejects.toThrow(
      'mover:live was changed by someone else meanwhile; nothing was done.',
    );
  });

  it('says what to do where there is no alias', async () => {
    deployed();
    lambda.on(GetAliasCommand).rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));

    await expect(run().done()).rejects.toThrow('There is no mover:live in this account and region.');
  });

  it('ends well where the alarms stay quiet', async () => {
    deployed();
    const { done, text } = run({ watch: 60_000, time: fakeTime() });

    expect(await done()).toBe(0);
    expect(text()).toContain('The alarms are quiet');
    expect(updates()).toHaveLength(1);
  });

  it('takes the change back when an alarm goes off, and exits 1', async () => {
    deployed('2', { 3: 0.1 });
    let reads = 0;
    const readAlarms = () => Promise.resolve((reads += 1) > 3 ? ['errors'] : []);
    const { done, text } = run({ watch: 60_000, time: fakeTime(), readAlarms });

    expect(await done()).toBe(1);
    expect(updates()).toMatchObject([
      { FunctionVersion: '3', RevisionId: 'r0' },
      { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 3: 0.1 } }, RevisionId: 'r1' },
    ]);
    expect(text()).toContain('In alarm: errors');
    expect(text()).toContain('Taken back: version 2 (90 %) and version 3 (10 %)');
  });

  it('promotes nothing while an alarm is on, but takes back all the same', async () => {
    const loud = { watch: 1_000, time: fakeTime(), readAlarms: () => Promise.resolve(['errors']) };
    deployed();

    await expect(run(loud).done()).rejects.toThrow('In alarm already: errors. Nothing was changed');
    expect(updates()).toEqual([]);

    expect(await run({ ...loud, command: 'rollback' }).done()).toBe(1);
    expect(updates()).toMatchObject([{ FunctionVersion: '1' }]);
  });

  it('does not call a rollback quiet where there are no alarms, and refuses a promotion that nothing watches', async () => {
    deployed();
    const none = { watch: 60_000, time: fakeTime(), haveAlarms: () => Promise.resolve(false) };
    const back = run({ ...none, command: 'rollback' });

    expect(await back.done()).toBe(3);
    expect(back.text()).toContain(
      'There are no alarms to watch (health.enabled): nothing says whether all is well',
    );
    expect(back.text()).not.toContain('quiet');
    expect(updates()).toHaveLength(1);

    await expect(run(none).done()).rejects.toThrow('There are no alarms to watch');
    expect(updates()).toHaveLength(1);
  });

  it('is done with a rollback as soon as the alarms are quiet again', async () => {
    deployed('3');
    let reads = 0;
    const readAlarms = () => Promise.resolve((reads += 1) < 3 ? ['errors'] : []);

    expect(await run({ command: 'rollback', watch: 600_000, time: fakeTime(), readAlarms }).done()).toBe(0);
    expect(reads).toBe(3);
    expect(updates()).toHaveLength(1);
  });
});

describe('status', () => {
  it('lists the versions, the newest first, and says which is live and which a canary', async () => {
    deployed('2', { 3: 0.1 });
    const { context, text } = run();

    expect(await status(context)).toBe(0);
    expect(text()).toMatch(/^mover:live is version 2 \(90 %\) and version 3 \(10 %\)\n/u);
    expect(
      text()
        .split('\n')
        .filter((line) => /^ {2}\d/u.test(line)),
    ).toEqual([
      expect.stringMatching(/^ {2}3 .*canary$/u),
      expect.stringMatching(/^ {2}2 .*live$/u),
      expect.stringMatching(/^ {2}1 /u),
    ]);
  });
});

describe('the alarms', () => {
  it('are those of the environment that are in alarm, composite ones too, on every page', async () => {
    const cloudWatch = mockClient(CloudWatchClient);
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [{ AlarmName: 'a' }], NextToken: 'more' })
      .resolves({ CompositeAlarms: [{ AlarmName: 'b' }] });

    expect(await alarmsOf(new CloudWatchClient({ region: 'eu-west-1' }), 'ours-')()).toEqual(['a', 'b']);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({
      AlarmNamePrefix: 'ours-',
      StateValue: 'ALARM',
      AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
    });
  });

  it('are looked at once more when the time is over', async () => {
    let reads = 0;
    const readAlarms = () => Promise.resolve((reads += 1) === 3 ? ['late'] : []);

    expect(await watchAlarms({ ...fakeTime(), readAlarms, duration: 20_000, interval: 15_000 })).toEqual([
      'late',
    ]);
  });
});
