import { fields, text } from './fields';
import { unwrap } from './invoke-envelope';

/** What a function answered to an asynchronous event. */
export interface AnswerRecord {
  /** Of the envelope in which the event came; undefined where it came without one. */
  readonly correlationId: string | undefined;
  /** Of the invocation that succeeded, as its log lines have it. */
  readonly requestId: string;
  /** The function, with its alias or version. */
  readonly functionArn: string;
  /** The event, without its envelope. */
  readonly request: unknown;
  readonly answer: unknown;
}

/**
 * Reads the body of a message of the queue of answers (`invoked.onSuccess`), which is Lambda's record of a success.
 * Records may come twice, and in any order.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @throws {SyntaxError} where the body is not JSON
 * @throws {TypeError} where it is not the record of a success
 */
export function readAnswerRecord(body: string): AnswerRecord {
  const record = fields(JSON.parse(body) as unknown);
  const { condition, requestId, functionArn } = fields(record.requestContext);
  if (condition !== 'Success') {
    throw new TypeError(
      `Expected Lambda's record of a success; its requestContext.condition is ${JSON.stringify(condition)}.`,
    );
  }
  const { payload, envelope } = unwrap(record.requestPayload);
  return {
    correlationId: envelope.correlationId,
    requestId: text(requestId),
    functionArn: text(functionArn),
    request: payload,
    answer: record.responsePayload,
  };
}
