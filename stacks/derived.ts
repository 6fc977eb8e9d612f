import { Fn, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Settings } from '../config/settings';
import { NodeFunction } from '../constructs/function/node-function';
import { GithubRoles } from '../constructs/github-access/github-roles';
import { Health } from '../constructs/health/health';
import { UploadPipeline } from '../constructs/uploads/upload-pipeline';
import { addOutput, type Shared } from './shared';

/** Every function below `scope`, in the order of the construct tree. */
export const functionsOf = (scope: IConstruct): NodeFunction[] =>
  scope.node.findAll().filter((construct) => construct instanceof NodeFunction);

/**
 * Adds as an output what every function is invoked by, its alias where it has one: `process-upload` ->
 * `process_upload_function`. Further pipelines of the bucket are one output together, for the tools.
 */
export function addFunctionOutputs(stack: TerraformStack): void {
  for (const { node, function: made, live } of functionsOf(stack)) {
    addOutput(
      stack,
      `${node.id.replaceAll('-', '_')}_function`,
      live?.qualifiedName ?? made.functionName,
      made.descriptionInput ?? node.id,
    );
  }
  addFurtherPipelines(stack);
}

/** The first pipeline has outputs of its own, which are older. */
function addFurtherPipelines(stack: TerraformStack): void {
  const [, ...further] = stack.node.findAll().filter((construct) => construct instanceof UploadPipeline);
  if (further.length === 0) return;
  const pipelines = further.map(({ pairs, mover }) => ({
    pairs: pairs.map(({ upload, processed }) => ({ upload, processed })),
    function: mover.live?.qualifiedName ?? mover.function.functionName,
  }));
  addOutput(stack, 'further_pipelines', Fn.jsonencode(pipelines), 'Pipelines of the bucket beside the first');
}

/** Adds, where the settings say so, alarms, their topic, the dashboard and the saved queries of every function and every queue. */
export function addHealth(stack: TerraformStack, shared: Shared, mover: NodeFunction): Health | undefined {
  const { settings, failures, metricsNamespace } = shared;
  const { enabled, ...health } = settings.health;
  const { namePrefix } = settings;
  return enabled
    ? new Health(stack, 'health', { ...health, namePrefix, of: stack, mover, failures, metricsNamespace })
    : undefined;
}

/** Adds the roles that GitHub Actions plans and deploys with. */
export function addGithubRoles(stack: TerraformStack, settings: Settings): void {
  const { github, state, namePrefix, bucket, vpc } = settings;
  if (github === undefined) return;
  const { planRole, deployRole } = new GithubRoles(stack, 'github', {
    ...github,
    of: stack,
    namePrefix,
    bucketName: bucket.name,
    vpcId: vpc?.vpcId,
    existingBucketName: bucket.existing?.name,
    state: state.type === 's3' ? state : undefined,
  });
  addOutput(stack, 'github_plan_role', planRole.arn, 'The role that pull requests plan with: docs/ci.md');
  addOutput(stack, 'github_deploy_role', deployRole.arn, 'The role that deployments run under: docs/ci.md');
}
