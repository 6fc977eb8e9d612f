import { monthlyCost, PRICES, PRICES_DATE } from '../../../../tools/plan/capacity/prices';

const usage = {
  region: 'us-east-1',
  architecture: 'arm64',
  memorySizeMb: 512,
  uploads: 1_000_000,
  runsPerUpload: 1,
  secondsPerRun: 0.12,
  logBytesPerRun: 1_500,
} as const;

describe('a month’s cost', () => {
  it('is that of requests, GB-seconds, copies and log lines', () => {
    const cost = monthlyCost(usage);

    expect(cost).toMatchObject({ requests: 1_000_000, gbSeconds: 60_000 });
    expect(cost.lambdaRequests).toBeCloseTo(0.2, 9);
    expect(cost.lambdaDuration).toBeCloseTo(0.800004, 9);
    expect(cost.s3Copies).toBeCloseTo(5, 9);
    expect(cost.logs).toBeCloseTo(0.75, 9);
    expect(cost.total).toBeCloseTo(0.2 + 0.800004 + 5 + 0.75, 9);
  });

  it('pays for every run, but copies an upload once', () => {
    const [once, twice] = [monthlyCost(usage), monthlyCost({ ...usage, runsPerUpload: 2 })];

    expect(twice.lambdaRequests).toBe(2 * once.lambdaRequests);
    expect(twice.lambdaDuration).toBe(2 * once.lambdaDuration);
    expect(twice.s3Copies).toBe(once.s3Copies);
  });

  it('is another on x86_64 and in another region', () => {
    expect(monthlyCost({ ...usage, architecture: 'x86_64' }).lambdaDuration).toBeCloseTo(1.000002, 9);
    expect(monthlyCost({ ...usage, region: 'eu-central-1' }).s3Copies).toBeCloseTo(5.4, 9);
  });

  it('is of list prices with a date', () => {
    expect(PRICES_DATE).toMatch(/^\d{4}-\d\d-\d\d$/u);
    expect(Object.keys(PRICES)).toEqual(['us-east-1', 'eu-central-1']);
  });
});
