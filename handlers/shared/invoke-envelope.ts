import { fields, type Fields } from './fields';

/**
 * Context that travels from one function to the next. Lambda does not pass it on, so it is part of the payload:
 * `{"upload-pipeline/envelope": {…}, "payload": …}`.
 */
export interface Envelope {
  /** One ID for all functions that work on one request; search the logs for it. */
  readonly correlationId: string;
  /** When the caller stops waiting (ISO 8601). Left out if no caller waits. */
  readonly deadline?: string;
}

/**
 * The member that marks an event as an envelope. It cannot collide with a payload: `wrap` adds one layer and `unwrap`
 * removes exactly one, so a payload that has this member itself arrives unchanged.
 */
export const ENVELOPE = 'upload-pipeline/envelope';

export const wrap = (payload: unknown, envelope: Envelope) => ({ [ENVELOPE]: envelope, payload });

/**
 * Splits an event into envelope and payload. Without an envelope (console, test, another caller) the event is the
 * payload; of an HTTP request that API Gateway or a function URL passes on without a mapping template, the body is.
 */
export function unwrap(event: unknown): { payload: unknown; envelope: Partial<Envelope> } {
  if (!isObject(event)) return { payload: event, envelope: {} };
  if (!isObject(event[ENVELOPE])) return fromHttp(event) ?? { payload: event, envelope: {} };
  const { correlationId, deadline } = event[ENVELOPE];
  return {
    payload: event.payload,
    envelope: {
      ...(typeof correlationId === 'string' && { correlationId }),
      ...(typeof deadline === 'string' && { deadline }),
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-example-event */
function fromHttp({ body, isBase64Encoded, requestContext }: Fields) {
  const { requestId } = fields(requestContext);
  if (typeof body !== 'string' || typeof requestId !== 'string') return undefined;
  const json = isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body;
  return { payload: JSON.parse(json) as unknown, envelope: { correlationId: requestId } };
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
