import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { requireInteger } from '../base/validate';

/** A second version that gets some of the invocations. */
export interface Canary {
  readonly version: number;
  /** Its share of the invocations, more than 0 and less than 1. */
  readonly weight: number;
}

/** Which version of a function answers. */
export interface ReleaseProps {
  /** The version that answers; 1 or more. @default the one that the deployment publishes */
  readonly version?: number;
  /** @default none: one version gets everything */
  readonly canary?: Canary;
  /**
   * Executions that are kept ready, billed by the hour; they come out of the function's reserved concurrency. Not with a
   * canary.
   * https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   * @default none
   */
  readonly provisionedConcurrentExecutions?: number;
}

export interface LiveAliasProps extends ReleaseProps {
  /** It must publish its versions: an alias cannot be weighted on `$LATEST`. */
  readonly function: LambdaFunction;
}

/** The name under which a function is called, with any version behind it. */
const NAME = 'live';

/**
 * The alias `live` of a function: what is triggered is the alias, and what it points at can be taken back.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export class LiveAlias extends Construct {
  readonly alias: LambdaAlias;
  /** What a caller names: `FUNCTION:live`. */
  readonly qualifiedName: string;

  constructor(scope: Construct, id: string, props: LiveAliasProps) {
    super(scope, id);
    validate(props);
    const { version, canary, provisionedConcurrentExecutions } = props;
    this.alias = new LambdaAlias(this, 'alias', {
      name: NAME,
      description: 'The version that is in use',
      functionName: props.function.functionName,
      functionVersion: version === undefined ? props.function.version : String(version),
      routingConfig: canary && { additionalVersionWeights: { [canary.version]: canary.weight } },
    });
    this.qualifiedName = `${this.alias.functionName}:${this.alias.name}`;
    if (provisionedConcurrentExecutions !== undefined) {
      new LambdaProvisionedConcurrencyConfig(this, 'provisioned', {
        functionName: props.function.functionName,
        qualifier: this.alias.name,
        provisionedConcurrentExecutions,
      });
    }
  }
}

function validate({ version, canary, provisionedConcurrentExecutions }: LiveAliasProps): void {
  requireInteger(version, { property: 'LiveAlias.version', minimum: 1 });
  requireInteger(canary?.version, { property: 'LiveAlias.canary.version', minimum: 1 });
  requireInteger(provisionedConcurrentExecutions, {
    property: 'LiveAlias.provisionedConcurrentExecutions',
    minimum: 1,
  });
  if (canary === undefined) return;
  if (provisionedConcurrentExecutions !== undefined) {
    throw new Error(
      `LiveAlias.provisionedConcurrentExecutions: got ${provisionedConcurrentExecutions} with a canary; expected one of the two: Lambda keeps nothing ready for an alias with weights.`,
    );
  }
  if (!Token.isUnresolved(canary.weight) && !(canary.weight > 0 && canary.weight < 1)) {
    throw new Error(
      `LiveAlias.canary.weight: got ${canary.weight}; expected a share of more than 0 and less than 1. For all of it, make it the version and leave the canary out.`,
    );
  }
  if (canary.version === version) {
    throw new Error(
      `LiveAlias.canary.version: got ${canary.version}, which is the version too; expected another one, or no canary.`,
    );
  }
}
