import type { Graph, Node } from './graph';

/** The shape of a resource type: the characters before and after its label. */
const SHAPES: Readonly<Record<string, readonly [before: string, behind: string]>> = {
  aws_s3_bucket: ['[(', ')]'],
  aws_dynamodb_table: ['[(', ')]'],
  aws_lambda_function: ['[', ']'],
  aws_sqs_queue: ['[[', ']]'],
  aws_sns_topic: ['{{', '}}'],
  aws_cloudwatch_event_rule: ['{', '}'],
  aws_scheduler_schedule: ['([', '])'],
};
const OTHER_SHAPE = ['[/', '/]'] as const;

const KINDS: Readonly<Record<string, string>> = {
  aws_s3_bucket: 'bucket',
  aws_dynamodb_table: 'table',
  aws_lambda_function: 'function',
  aws_sqs_queue: 'queue',
  aws_sns_topic: 'topic',
  aws_cloudwatch_event_rule: 'rule',
  aws_scheduler_schedule: 'schedule',
  aws_api_gateway_rest_api: 'API',
};

/** A graph in Mermaid: solid arrows for starts and actions, dotted ones for failures. */
export function mermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map((node, index) => [node.address, idOf(node, index)]));
  const id = (address: string): string => ids.get(address) ?? address;
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${id(node.address)}${shape(node)}`),
    ...edges.map(
      ({ from, to, label, failure }) =>
        `  ${id(from)} ${failure ? '-.->' : '-->'}|${quote(label)}| ${id(to)}`,
    ),
  ].join('\n');
}

/** The resource's own id without its hash, so that a diagram changes only where the stack does. */
function idOf({ address, type }: Node, index: number): string {
  if (type === undefined) return `outside_${index}`;
  return address
    .slice(type.length + 1)
    .replace(/_[0-9A-F]{8}$/u, '')
    .replaceAll(/\W/gu, '_');
}

function shape({ type = '', label }: Node): string {
  const [before, behind] = SHAPES[type] ?? OTHER_SHAPE;
  const kind = KINDS[type];
  return before + quote(kind === undefined ? label : `${label}<br/>${kind}`) + behind;
}

/** Mermaid's own escapes. https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
const quote = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`;
