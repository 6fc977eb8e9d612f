import { Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { requireInteger } from '../base/validate';
import type { FunctionCodeSource } from './function-code';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT_BYTES = 4096;

/** What of a function has limits. */
export interface FunctionLimits {
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly ephemeralStorageMb?: number | undefined;
  readonly layers?: readonly string[] | undefined;
  readonly code: FunctionCodeSource;
  readonly codeSigningConfigArn?: string | undefined;
  readonly reservedConcurrentExecutions?: number | undefined;
}

/** Refuses a function that Lambda would refuse. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export function requireLimits({ layers, code, codeSigningConfigArn, ...props }: FunctionLimits): void {
  const limits = {
    memorySizeMb: { minimum: 128, maximum: 10_240 },
    timeoutSeconds: { minimum: 1, maximum: 900 },
    ephemeralStorageMb: { minimum: 512, maximum: 10_240 },
    reservedConcurrentExecutions: {
      minimum: 0,
      hint: "or leave it out for the account's shared pool",
    },
  };
  requireInteger(layers?.length, { property: 'NodeFunction.layers.length', minimum: 0, maximum: 5 });
  for (const [name, range] of Object.entries(limits)) {
    requireInteger(props[name as keyof typeof limits], { property: `NodeFunction.${name}`, ...range });
  }
  if (code.packaging !== 'image') return;
  refuseBesideImage('layers', layers !== undefined && layers.length > 0);
  refuseBesideImage('codeSigningConfigArn', codeSigningConfigArn !== undefined);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning-create.html */
function refuseBesideImage(property: string, isSet: boolean): void {
  if (!isSet) return;
  throw new Error(
    `NodeFunction.${property}: set beside a container image; expected none: Lambda takes layers and signatures for zips alone.`,
  );
}

/**
 * What is wrong with variables that take more than Lambda's 4 KB, which it measures as JSON. A value that is known only
 * at deploy counts as nothing here.
 */
export function oversizedEnvironment(
  { node }: Construct,
  variables: Readonly<Record<string, string>>,
): string[] {
  const known = Object.entries(variables).map(([name, value]) => {
    const tokens = Tokenization.reverseString(value).tokens;
    return [name, tokens.length > 0 ? '' : value] as const;
  });
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)));
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  const largest = known.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? '';
  return [
    `${node.path}: its environment variables take ${bytes.toLocaleString('en')} bytes as JSON, the largest is ${largest}; expected 4,096 in all: keep a long value in an SSM parameter (processUpload.secrets) or in the package.`,
  ];
}
