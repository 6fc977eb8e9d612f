/**
 * List prices in US dollars, first tier, without free tiers and taxes.
 * Source: AWS's Price List (publication of August 2026; usage types REGION-Lambda-GB-Second, -Request,
 * -Requests-Tier1, -DataProcessing-Bytes); read 2026-11-21. The pages for people: https://aws.amazon.com/lambda/pricing/,
 * https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/cloudwatch/pricing/
 */
export const PRICES_DATE = '2026-08-31';

export const PRICES = {
  'us-east-1': {
    lambdaRequest: 0.2e-6,
    lambdaGbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
    s3Copy: 0.005e-3,
    logGb: 0.5,
  },
  'eu-central-1': {
    lambdaRequest: 0.2e-6,
    lambdaGbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
    s3Copy: 0.0054e-3,
    logGb: 0.63,
  },
} as const;

export type Region = keyof typeof PRICES;
export type Architecture = 'arm64' | 'x86_64';

export const HOURS_A_MONTH = 730;

export interface Usage {
  readonly region: Region;
  readonly architecture: Architecture;
  readonly memorySizeMb: number;
  /** Uploads a month. */
  readonly uploads: number;
  readonly runsPerUpload: number;
  /** Billed duration of one run. */
  readonly secondsPerRun: number;
  /** Log lines of one run. */
  readonly logBytesPerRun: number;
}

/** A month's cost in US dollars, with its parts. DELETE requests are free. */
export interface Cost {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly lambdaRequests: number;
  readonly lambdaDuration: number;
  readonly s3Copies: number;
  readonly logs: number;
  readonly total: number;
}

export function monthlyCost(usage: Usage): Cost {
  const prices = PRICES[usage.region];
  const requests = usage.uploads * usage.runsPerUpload;
  const gbSeconds = (requests * usage.secondsPerRun * usage.memorySizeMb) / 1024;
  const parts = {
    lambdaRequests: requests * prices.lambdaRequest,
    lambdaDuration: gbSeconds * prices.lambdaGbSecond[usage.architecture],
    s3Copies: usage.uploads * prices.s3Copy,
    logs: ((requests * usage.logBytesPerRun) / 1e9) * prices.logGb,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { requests, gbSeconds, ...parts, total };
}
