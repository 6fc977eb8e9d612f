import type { LambdaFunctionEventInvokeConfigConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { requireInteger } from '../base/validate';

/** What happens to an asynchronous event that fails. */
export interface AsyncInvokeProps {
  /** How often a failed event is tried again. 0–2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** How long an event may wait for a free execution or a retry, in seconds. 60–21,600. @default 21600 */
  readonly maximumEventAgeSeconds?: number;
}

/** How long Lambda keeps an asynchronous event unless it is told otherwise, and at most. */
export const MAXIMUM_EVENT_AGE_SECONDS = 21_600;

/** How often and how long Lambda tries an event, beside what the provider needs to know otherwise. */
export function asyncInvokeConfig(
  { maximumRetryAttempts = 2, maximumEventAgeSeconds = MAXIMUM_EVENT_AGE_SECONDS }: AsyncInvokeProps,
  config: LambdaFunctionEventInvokeConfigConfig,
): LambdaFunctionEventInvokeConfigConfig {
  requireInteger(maximumRetryAttempts, {
    property: 'onFailure.maximumRetryAttempts',
    minimum: 0,
    maximum: 2,
  });
  requireInteger(maximumEventAgeSeconds, {
    property: 'onFailure.maximumEventAgeSeconds',
    minimum: 60,
    maximum: MAXIMUM_EVENT_AGE_SECONDS,
  });
  return { ...config, maximumRetryAttempts, maximumEventAgeInSeconds: maximumEventAgeSeconds };
}
