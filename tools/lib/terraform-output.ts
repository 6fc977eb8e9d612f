import { plain } from './processes';

/** The changes of a deployment, counted by Terraform. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

/**
 * Terraform's last line: `Apply complete! Resources: 14 added, 0 changed, 0 destroyed.`, or
 * `Destroy complete! Resources: 14 destroyed.`
 */
export function parseChanges(line: string): Changes | undefined {
  const count = (what: string): number | undefined => {
    const digits = new RegExp(`(\\d+) ${what}`, 'u').exec(line)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const destroyed = line.includes(' complete! ') ? count('destroyed') : undefined;
  if (destroyed === undefined) return undefined;
  return { added: count('added') ?? 0, changed: count('changed') ?? 0, destroyed };
}

/** `14 added, 2 changed`, or `nothing to change`. */
export function describeChanges({ added, changed, destroyed }: Changes): string {
  const counts = Object.entries({ added, changed, destroyed }).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'nothing to change'
    : counts.map(([what, count]) => `${count} ${what}`).join(', ');
}

/** The progress in a line of Terraform's output: `aws_sqs_queue: creating`. */
export function describeLine(line: string): string | undefined {
  const [, type, doing] =
    /\b(aws_\w+)\.\S+(?: \(.*?\))?: (?:Still )?(creating|modifying|destroying|refreshing)/iu.exec(
      plain(line),
    ) ?? [];
  return type === undefined || doing === undefined ? undefined : `${type}: ${doing.toLowerCase()}`;
}
