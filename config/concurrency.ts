import type { Refuse } from './refuse';

/** The fewest executions that a queue's poller can be held to. */
const LEAST_POLLED = 2;

interface FunctionConcurrency {
  readonly reservedConcurrentExecutions?: number | undefined;
  readonly release: {
    readonly canary?: unknown;
    readonly provisionedConcurrentExecutions?: number | undefined;
  };
}

interface ConcurrencySettings {
  readonly trigger: string;
  readonly jobs: { readonly queue: { readonly enabled: boolean } };
  readonly processUpload: FunctionConcurrency;
  readonly caller: FunctionConcurrency;
  readonly invoked: FunctionConcurrency;
}

/** Refuses what Lambda would refuse, or would throttle: the function's settings together, and its queue's. */
export function refuseConcurrency(settings: ConcurrencySettings, refuse: Refuse): void {
  for (const name of ['processUpload', 'caller', 'invoked'] as const) {
    const { reservedConcurrentExecutions: reserved = Infinity, release } = settings[name];
    const { provisionedConcurrentExecutions: provisioned = 0, canary } = release;
    const path = `${name}.release.provisionedConcurrentExecutions`;
    if (provisioned > 0 && canary !== undefined) {
      // "Alias with weights can not be used with Provisioned Concurrency", of PutProvisionedConcurrencyConfig.
      refuse(
        path,
        provisioned,
        `expected none with ${name}.release.canary: Lambda keeps none ready for an alias with weights.`,
      );
    }
    // https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
    if (provisioned > reserved) {
      refuse(
        path,
        provisioned,
        `expected at most ${name}.reservedConcurrentExecutions, ${reserved}: they come out of it.`,
      );
    }
  }
  const polled = [
    ['processUpload', settings.trigger === 'queue', 'trigger queue'],
    ['invoked', settings.jobs.queue.enabled, 'jobs.queue'],
  ] as const;
  for (const [name, isPolled, source] of polled) {
    const reserved = settings[name].reservedConcurrentExecutions ?? LEAST_POLLED;
    if (!isPolled || reserved >= LEAST_POLLED) continue;
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    refuse(
      `${name}.reservedConcurrentExecutions`,
      reserved,
      `expected ${LEAST_POLLED} or more with ${source}, or left out: a poller starts ${LEAST_POLLED} at a time at least, and a message that is throttled counts as a failed attempt.`,
    );
  }
}
