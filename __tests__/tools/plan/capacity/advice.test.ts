import { parseSettings } from '../../../../config/environments';
import { advise, executionsFor } from '../../../../tools/plan/capacity/advice';
import { readOptions, type Options } from '../../../../tools/plan/capacity/options';
import { run } from '../../../../tools/plan/capacity/plan';

function options(...args: string[]): Options {
  const read = readOptions(args, () => parseSettings({ namePrefix: 'test' }, 'test'));
  if (!read) throw new Error('--help');
  return read;
}

const adviceFor = (...args: string[]) => {
  const given = options(...args);
  return advise(given, run(given));
};

describe('the advice', () => {
  it('is none where the load fits', () => {
    expect(
      adviceFor('--rate', '200/s', '--for', '1min', '--reserved', '50', '--burst', '1000'),
    ).toMatchObject({
      bottleneck: undefined,
      set: undefined,
    });
  });

  it('is more executions where the rate needs them, and what it says is enough', () => {
    const advice = adviceFor('--rate', '500/s', '--for', '10min', '--reserved', '50', '--max-age', '60s');

    expect(advice.bottleneck).toBe('processUpload.reservedConcurrentExecutions');
    expect(advice.set?.what).toBe(
      `processUpload.reservedConcurrentExecutions: ${advice.set?.options.reserved}`,
    );
    expect(advice.set?.options.reserved).toBeGreaterThan(60);
    expect(advice.set?.outcome.dropped).toBe(0);
  });

  it('is more executions where only the burst takes too long', () => {
    const advice = adviceFor('--rate', '1/s', '--burst', '5000', '--reserved', '2', '--drain-within', '1min');

    expect(advice.why).toContain('the burst has to wait');
    expect(advice.set?.outcome.burstDrainedSeconds).toBeLessThanOrEqual(60);
  });

  it('is a larger quota where the account’s pool is too small', () => {
    const advice = adviceFor('--rate', '100/s', '--for', '1min', '--account-concurrency', '10');

    expect(advice.bottleneck).toBe("the account's concurrency");
    expect(advice.set?.what).toMatch(
      /^an account quota of 1\d\d concurrent executions \(100 stay unreserved\)/u,
    );
  });

  it('is more prefixes where S3 is what limits', () => {
    const advice = adviceFor('--rate', '3000/s', '--for', '10s', '--account-concurrency', '5000');

    expect(advice.bottleneck).toBe('the write limit of a prefix in S3');
    expect(advice.set?.options.prefixes).toBe(3);
  });

  it('is to let it run at all where nothing is reserved', () => {
    expect(adviceFor('--reserved', '0', '--for', '1min')).toMatchObject({
      bottleneck: 'processUpload.reservedConcurrentExecutions',
      why: expect.stringContaining('never runs') as string,
      set: { what: 'processUpload.reservedConcurrentExecutions: 2' },
    });
  });

  it('counts on repeated runs where runs fail', () => {
    expect(executionsFor(options('--rate', '100/s', '--duration-ms', '800'))).toBe(100);
    expect(executionsFor(options('--rate', '100/s', '--duration-ms', '800', '--errors', '50%'))).toBe(175);
  });
});
