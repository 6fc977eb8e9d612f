import { fields, parsed, type Fields } from '../../../handlers/shared/fields';
import { thrownError } from '../../logs/line';
import { readDeadLetter, readNotification } from './dead-letter';
import { keysIn } from './event-keys';
import {
  functionSource,
  type Failure,
  type FailureRecord,
  type NoWayBack,
  type StreamBatch,
} from './failure';
import { filled } from './filled';
import type { Message } from './queue';
import { readStreamFailure } from './stream-failure';

const EXCERPT_CHARACTERS = 200;

/**
 * Reads a message of the failure queue: what AWS wrote beside the body comes first, then the body.
 * @param mover name of process-upload, with its alias: SNS does not say whom a notification was for
 */
export function readMessage(message: Message, mover: string): Failure {
  const failure = readDeadLetter(message, mover) ?? readRecord(message) ?? readNotification(message, mover);
  if (failure !== undefined && 'kind' in failure) return failure;
  return {
    kind: 'foreign',
    why: failure?.noWayBack ?? 'nothing says where it comes from',
    excerpt: message.body.slice(0, EXCERPT_CHARACTERS),
    failedAt: message.sentAt,
  };
}

/**
 * Reads a record of Lambda's failure destination. Only the function and the event are needed; the rest may be missing
 * (the local engine leaves out version, timestamp and request id).
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function readRecord({ body, sentAt }: Message): FailureRecord | StreamBatch | NoWayBack | undefined {
  const record = fields(parsed(body));
  const context = fields(record.requestContext);
  const functionArn = filled(context.functionArn);
  if (functionArn === undefined) return undefined;
  const timestamp = Date.parse(filled(record.timestamp) ?? '');
  const failedAt = Number.isNaN(timestamp) ? sentAt : timestamp;
  const source = functionSource(functionArn);
  const place = readStreamFailure(record);
  if (place !== undefined) return { kind: 'stream', source, place, failedAt };
  if (record.requestPayload === undefined) return { noWayBack: 'it holds no event (requestPayload)' };
  return {
    kind: 'failure',
    source,
    condition: filled(context.condition),
    ...readAnswer(fields(record.responsePayload)),
    version: /^\d+$/u.exec(filled(fields(record.responseContext).executedVersion) ?? '')?.[0],
    keys: keysIn(record.requestPayload),
    payload: JSON.stringify(record.requestPayload),
    failedAt,
  };
}

/** The class that process-upload throws where another attempt cannot help (handlers/process-upload/errors.ts). */
const PERMANENT = 'PermanentError';

/**
 * What the local engine says instead of the class: it keeps a Node.js error's message only. Class and stack are in the
 * function's log (trace.ts).
 */
export const CLASS_LOST = 'Runtime.HandlerError';

/** The verdict ends the message of its errors: elsewhere a key or a step's own words may say the same. */
const PERMANENT_VERDICT = 'Trying again cannot help.';

function readAnswer(answer: Fields) {
  const errorType = filled(answer.errorType);
  const errorMessage = filled(answer.errorMessage);
  const permanent =
    errorType === PERMANENT ||
    (errorType === CLASS_LOST && errorMessage?.endsWith(PERMANENT_VERDICT) === true);
  return { errorType, errorMessage, permanent, trace: thrownError(answer) };
}
