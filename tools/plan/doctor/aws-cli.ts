import type { Environment } from '../../lib/environment';
import { capture } from '../../lib/processes';
import { warning, type Check } from './check';

/** What the AWS CLI answered: the JSON, or why there is none. */
export type Answer =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** There is no such thing, or no such command here. */
  | { readonly kind: 'missing' | 'noCommand' }
  | { readonly kind: 'refused'; readonly why: string };

/** Asks AWS something, by a command that only reads: `['apigateway', 'get-account']`. */
export type Ask = (args: readonly string[]) => Promise<Answer>;

/**
 * By the AWS CLI, which is installed where uploads are made: an SDK client for each of these few questions would be
 * several times as large as all others together.
 */
export const askAws =
  (region: string, env: Environment): Ask =>
  async (args) => {
    const ran = await capture('aws', [...args, '--region', region, '--output', 'json'], env);
    if (ran === undefined) return { kind: 'noCommand' };
    if (ran.code === 0) return { kind: 'answer', value: JSON.parse(ran.stdout || '{}') as unknown };
    const [, code = ''] = /\((\w+)\) when calling/u.exec(ran.stderr) ?? [];
    if (/NotFound|NoSuchEntity/u.test(code)) return { kind: 'missing' };
    return { kind: 'refused', why: code === '' ? (ran.stderr.trim().split('\n').at(-1) ?? '') : code };
  };

/** The check of an answer that says nothing about its subject; undefined where there is an answer. */
export function unanswered(what: string, answer: Answer, permission: string): Check | undefined {
  if (answer.kind === 'noCommand') {
    return warning(what, 'not looked at', 'Install the AWS CLI, which asks AWS for it.');
  }
  if (answer.kind === 'refused') {
    return warning(
      what,
      `not looked at (${answer.why})`,
      `Allow yourself ${permission}, or look in the console.`,
    );
  }
  return undefined;
}

/** The fields of an answer; none where there is none. */
export const valueOf = (answer: Answer): object =>
  answer.kind === 'answer' && typeof answer.value === 'object' && answer.value !== null ? answer.value : {};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
