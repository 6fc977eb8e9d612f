import type { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Settings } from '../config/settings';
import { NodeFunction } from '../constructs/function/node-function';
import { GithubRoles } from '../constructs/github-access/github-roles';
import { Health } from '../constructs/health/health';
import { addOutput, type Shared } from './shared';
import { watchSources } from './source-health';

/** Every function below `scope`, in the order of the construct tree. */
export const functionsOf = (scope: IConstruct): NodeFunction[] =>
  scope.node.findAll().filter((construct) => construct instanceof NodeFunction);

/** Adds the name of every function as an output: `process-upload` -> `process_upload_function`. */
export function addFunctionOutputs(stack: TerraformStack): void {
  for (const { node, function: made } of functionsOf(stack)) {
    addOutput(
      stack,
      `${node.id.replaceAll('-', '_')}_function`,
      made.functionName,
      made.descriptionInput ?? node.id,
    );
  }
}

/** Adds alarms, their topic, the dashboard and the saved queries. */
export function addHealth(stack: TerraformStack, shared: Shared, processUpload: NodeFunction): void {
  const { settings, failures, metricsNamespace } = shared;
  const { namePrefix, sweep, health } = settings;
  const { timeoutSeconds, memorySizeMb, maximumEventAgeSeconds } = settings.processUpload;
  const watch = new Health(stack, 'health', {
    ...health,
    namePrefix,
    failures,
    queueName: `${namePrefix}-failures`,
    metricsNamespace,
    sweepEveryMinutes: sweep.enabled ? sweep.everyMinutes : undefined,
    mover: {
      function: processUpload,
      functionName: `${namePrefix}-process-upload`,
      timeoutSeconds,
      memorySizeMb,
      maximumEventAgeSeconds,
    },
  });
  watchSources(watch, settings);
}

/** Adds the roles that GitHub Actions plans and deploys with. */
export function addGithubRoles(stack: TerraformStack, { github, state, namePrefix, bucket }: Settings): void {
  if (github === undefined) return;
  const { planRole, deployRole } = new GithubRoles(stack, 'github', {
    ...github,
    namePrefix,
    bucketName: bucket.name,
    state: state.type === 's3' ? state : undefined,
  });
  addOutput(stack, 'github_plan_role', planRole.arn, 'The role that pull requests plan with: docs/ci.md');
  addOutput(stack, 'github_deploy_role', deployRole.arn, 'The role that deployments run under: docs/ci.md');
}
