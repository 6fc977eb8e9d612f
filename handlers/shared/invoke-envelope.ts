import { fields, type Fields } from './fields';

/**
 * What travels from one function to the next beside the payload. Lambda passes nothing on by itself, so it rides in
 * the payload: `{"upload-pipeline/envelope": {…}, "payload": …}`.
 */
export interface Envelope {
  /** The same through all the functions that work on one thing: search the logs for it. */
  readonly correlationId: string;
  /** When the caller stops waiting (ISO 8601). Left out where nobody waits. */
  readonly deadline?: string;
}

/**
 * The member that makes an event an envelope. Nothing collides with it: `wrap` puts a whole layer around the payload
 * and `unwrap` takes off exactly one, so even a payload that has this member arrives as it was sent.
 */
export const ENVELOPE = 'upload-pipeline/envelope';

export const wrap = (payload: unknown, envelope: Envelope) => ({ [ENVELOPE]: envelope, payload });

/**
 * An event in its parts. An event without an envelope (the console, a test, another caller) is all payload, unless it
 * is an HTTP request as API Gateway and function URLs pass it on without a mapping template: then its body is.
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
