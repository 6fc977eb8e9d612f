import type { Block, Resources } from '../../build/synthesize';

/** A resource, or a thing outside the stack that a resource is wired to. */
export interface Node {
  /** `aws_sqs_queue.failures_queue_3DB484D9`, or the ARN or URL of a thing outside the stack. */
  readonly address: string;
  /** `aws_sqs_queue`; undefined outside the stack. */
  readonly type: string | undefined;
  readonly label: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether the edge is the path of failures. */
  readonly failure: boolean;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** The bus of every account; not a resource of the stack. */
export const DEFAULT_BUS = 'EventBridge’s default bus';

/** Collects edges; their ends, resources or not, are the nodes. */
export class GraphBuilder {
  readonly #edges: Edge[] = [];

  constructor(readonly resources: Resources) {}

  /** The resources of a type, with their addresses. */
  all(type: string): { address: string; block: Block }[] {
    return Object.entries(this.resources[type] ?? {}).map(([id, block]) => ({
      address: `${type}.${id}`,
      block,
    }));
  }

  block(address: string): Block {
    const [type = '', id = ''] = address.split('.');
    return this.resources[type]?.[id] ?? {};
  }

  /** Joins two ends, each an address or a reference such as `${aws_sqs_queue.x.arn}`; missing ends are ignored. */
  join(from: unknown, to: unknown, label: string, failure = false): void {
    const [source, target] = [this.resolve(from), this.resolve(to)];
    if (source !== undefined && target !== undefined) {
      this.#edges.push({ from: source, to: target, label, failure });
    }
  }

  joined(from: unknown, to: unknown): boolean {
    return this.#edges.some((edge) => edge.from === this.resolve(from) && edge.to === this.resolve(to));
  }

  /** A reference's address; an alias gives the address of its function. A bucket outside the stack is known by its name. */
  resolve(reference: unknown): string | undefined {
    if (typeof reference !== 'string' || reference === '') return undefined;
    const [, bucket] = /^arn:.*:s3:::([^/$*]+)/u.exec(reference) ?? [];
    if (bucket !== undefined) return bucketOutside(bucket);
    const address = /^\$\{(aws_\w+\.[\w-]+)\./u.exec(reference)?.[1] ?? reference;
    return address.startsWith('aws_lambda_alias.')
      ? this.resolve(this.block(address).function_name)
      : address;
  }

  build(): Graph {
    const addresses = new Set(this.#edges.flatMap(({ from, to }) => [from, to]));
    return { nodes: [...addresses].sort().map((address) => this.#node(address)), edges: this.#sorted() };
  }

  #node(address: string): Node {
    const [type = '', id] = address.split('.');
    const inside = id !== undefined && this.resources[type]?.[id] !== undefined;
    return inside
      ? { address, type, label: nameOf(this.block(address)) ?? address }
      : { address, type: undefined, label: address };
  }

  #sorted(): Edge[] {
    const order = ({ from, to, label }: Edge): string => `${from} ${to} ${label}`;
    return [...this.#edges].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}

/** The node of a bucket that is no resource of the stack. */
export const bucketOutside = (name: string): string => `bucket ${name}`;

/** The name of a resource; for a bucket whose name Terraform completes, its prefix. */
function nameOf(block: Block): string | undefined {
  const name = block.function_name ?? block.name ?? block.bucket;
  if (typeof name === 'string') return name;
  return typeof block.bucket_prefix === 'string' ? `${block.bucket_prefix}…` : undefined;
}
