import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const ID = 'deployment-target';

/** Where the stack is being deployed to, looked up once a stack. Values are known at plan time. */
export class DeploymentTarget extends Construct {
  /** e.g. `123456789012`. */
  readonly accountId: string;
  /** e.g. `eu-central-1`. */
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `amazonaws.com`, or `amazonaws.com.cn` in China. */
  private readonly dnsSuffix: string;

  static of(scope: Construct): DeploymentTarget {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    return existing instanceof DeploymentTarget ? existing : new DeploymentTarget(stack);
  }

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    this.accountId = new DataAwsCallerIdentity(this, 'account').accountId;
    // `id`: provider 5 has no `region`, and provider 6 deprecates `name`; both have this.
    this.region = new DataAwsRegion(this, 'region').id;
    const { partition, dnsSuffix } = new DataAwsPartition(this, 'partition');
    this.partition = partition;
    this.dnsSuffix = dnsSuffix;
  }

  /**
   * A service's name in the condition key `kms:ViaService`, and that of the principals that are called by their region:
   * `s3.eu-central-1.amazonaws.com`.
   * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
   */
  endpointOf = (service: string): string => `${service}.${this.region}.${this.dnsSuffix}`;

  /** The ARN of a resource here by its name, where a reference to the resource itself would refer to what holds it. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }
}
