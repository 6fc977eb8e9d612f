import { outermost, type PrefixPair } from './prefix-pair';

/** Which uploads an EventBridge rule lets through. */
export interface UploadEventFilter {
  /** Only keys that end so. @default every key */
  readonly suffix?: string;
  /** In bytes, up to 5,000,000,000. @default no limit */
  readonly minimumSizeBytes?: number;
  /** In bytes, up to 5,000,000,000. @default no limit */
  readonly maximumSizeBytes?: number;
}

/**
 * The pattern of a rule that matches the uploads to a bucket and never a move inside it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function uploadEventPattern(
  bucket: string,
  pairs: readonly PrefixPair[],
  { suffix = '', minimumSizeBytes, maximumSizeBytes }: UploadEventFilter = {},
): string {
  const size = [
    ...(minimumSizeBytes === undefined ? [] : ['>=', minimumSizeBytes]),
    ...(maximumSizeBytes === undefined ? [] : ['<=', maximumSizeBytes]),
  ];
  return JSON.stringify({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: {
      bucket: { name: [bucket] },
      object: {
        key: outermost(pairs.map(({ upload }) => upload)).map((upload) => keyPattern(upload, pairs, suffix)),
        ...(size.length > 0 && { size: [{ numeric: size }] }),
      },
    },
  });
}

/** A field has room for one condition that must hold: a wildcard holds both ends of the key. */
function keyPattern(
  upload: string,
  pairs: readonly PrefixPair[],
  suffix: string,
): Readonly<Record<string, unknown>> {
  // EventBridge, unlike S3's filters, can exclude: watching the whole bucket, the rule itself ends the loop.
  if (upload === '' && suffix === '') {
    const processed = outermost(pairs.map((pair) => pair.processed));
    return { 'anything-but': { prefix: processed.length === 1 ? processed[0] : processed } };
  }
  // Here only the handler does, which leaves alone what is under the processed prefix.
  if (upload === '') return { suffix };
  return suffix === '' ? { prefix: upload } : { wildcard: `${literal(upload)}*${literal(suffix)}` };
}

const literal = (text: string): string => text.replaceAll(/[\\*]/gu, String.raw`\$&`);
