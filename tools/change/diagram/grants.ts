import { json, list, strings, text } from './blocks';
import type { GraphBuilder } from './graph';

/** The label of each action. Other actions (tags, lists, parts) accompany these and have none. */
const MEANING: Readonly<Record<string, string>> = {
  's3:GetObject': 'reads',
  's3:PutObject': 'writes',
  's3:DeleteObject': 'deletes',
  'sqs:SendMessage': 'sends',
  'sns:Publish': 'publishes',
  'lambda:InvokeFunction': 'invokes',
  'dynamodb:GetItem': 'reads',
  'dynamodb:PutItem': 'writes',
};

/** Draws permissions without an arrow so far: who may start a function, and what a function may do to others. */
export function joinGrants(graph: GraphBuilder): void {
  for (const { block } of graph.all('aws_lambda_permission')) {
    const { source_arn: source, function_name: handler, principal } = block;
    if (!graph.joined(source, handler)) graph.join(source, handler, `${text(principal)} may invoke`);
  }
  for (const { address, block } of graph.all('aws_lambda_function')) {
    for (const [target, labels] of grantsOf(graph, graph.resolve(block.role))) {
      if (!graph.joined(address, target)) graph.join(address, target, [...labels].sort().join('; '));
    }
  }
}

/** A role's permissions, by resource. */
function grantsOf(graph: GraphBuilder, role: string | undefined): Map<string, Set<string>> {
  const grants = new Map<string, Set<string>>();
  for (const { block } of graph.all('aws_iam_role_policy')) {
    if (graph.resolve(block.role) !== role) continue;
    for (const statement of list(json(block.policy).Statement)) {
      if (statement.Effect !== 'Allow') continue;
      const meanings = strings(statement.Action).flatMap((action) => MEANING[action] ?? []);
      for (const resource of strings(statement.Resource)) {
        const target = graph.resolve(resource);
        if (target === undefined || meanings.length === 0) continue;
        const what = /(?:\}|:::[^/]+)\/(.*)$/u.exec(resource)?.[1] ?? '';
        const labels = grants.get(target) ?? new Set();
        grants.set(target, labels.add(`${[...new Set(meanings)].join(', ')} ${what}`.trim()));
      }
    }
  }
  return grants;
}
