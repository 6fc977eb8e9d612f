import type { Block, Statement, Synthesized } from '../synth';

/** Something that is not as it should be: where, and what. */
export type Weakness = string;

/** A rule about the synthesized JSON, with every reference resolved (`deployed` in iam.ts). */
export type Check = (synthesized: Synthesized) => Weakness[];

/** The resources of a type, by their addresses. */
export function resourcesOf({ resource }: Synthesized, type: string): [address: string, block: Block][] {
  return Object.entries(resource[type] ?? {}).map(([id, block]) => [`${type}.${id}`, block]);
}

/** A rule for each resource of a type: what is wrong with it, if anything. */
export const each =
  (type: string, find: (block: Block, synthesized: Synthesized) => string | false | undefined): Check =>
  (synthesized) =>
    resourcesOf(synthesized, type).flatMap(([address, block]) => {
      const found = find(block, synthesized);
      return typeof found === 'string' ? [`${address}: ${found}`] : [];
    });

/** A rule that every bucket has a companion of a type that is as it should be. */
export const everyBucketHas =
  (type: string, what: string, isGood: (block: Block) => boolean): Check =>
  (synthesized) =>
    resourcesOf(synthesized, 'aws_s3_bucket')
      .filter(([, bucket]) => {
        const own = resourcesOf(synthesized, type).filter(([, block]) => block.bucket === bucketName(bucket));
        return own.length !== 1 || !own.every(([, block]) => isGood(block));
      })
      .map(([address]) => `${address}: ${what}`);

/** What a resolved reference to a bucket says. */
export const bucketName = (block: Block): string => text(block.bucket ?? block.bucket_prefix);

/** A statement of a policy document, and where that stands. */
export type Placed = Omit<Statement, 'address'> & { readonly address: string };

/** The statements of every policy document: of roles, of resources, of who may assume a role. */
export function allStatements({ resource }: Synthesized): Placed[] {
  return Object.entries(resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, block]) =>
      ['policy', 'assume_role_policy'].flatMap((property) => {
        const document = block[property];
        if (typeof document !== 'string' || !document.startsWith('{')) return [];
        const { Statement = [] } = JSON.parse(document) as { Statement?: Omit<Statement, 'address'>[] };
        return Statement.map((statement) => ({ ...statement, address: `${type}.${id}` }));
      }),
    ),
  );
}

/** A value as text: itself where it is text, its JSON otherwise. */
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);
