import type { Reason } from './reasons';

/** A check that fails on a resource. */
export interface Finding {
  readonly check: string;
  /** The resource's address without the hash that cdktf adds: `aws_s3_bucket.uploads_bucket`. */
  readonly resource: string;
  readonly name: string;
}

export interface Report {
  readonly passed: number;
  readonly failed: readonly Finding[];
  readonly parsingErrors: number;
}

interface Output {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: {
    readonly failed_checks: readonly { check_id: string; check_name: string; resource: string }[];
  };
}

/**
 * Reads checkov's output of `-o json`: one report, or a list of one per framework.
 * @param typeOf the Terraform type of a resource, by its name: one shape gives only the name
 */
export function readReport(json: string, typeOf: ReadonlyMap<string, string>): Report {
  const parsed = JSON.parse(json) as Output | readonly Output[];
  const outputs = [parsed].flat().filter((output) => 'results' in output); // a framework without files has none
  const failed = outputs.flatMap(({ results }) =>
    results.failed_checks.map(({ check_id: check, check_name: name, resource }) => ({
      check,
      name,
      resource: address(resource, typeOf),
    })),
  );
  const unique = new Map(failed.map((finding) => [`${finding.check} ${finding.resource}`, finding]));
  return {
    passed: sum(outputs.map(({ summary }) => summary.passed)),
    failed: [...unique.values()],
    parsingErrors: sum(outputs.map(({ summary }) => summary.parsing_errors)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** `resource.process-upload_logs_5DEBAAFB` and `aws_…process-upload_logs_5DEBAAFB` alike. */
function address(resource: string, typeOf: ReadonlyMap<string, string>): string {
  const name = resource.slice(resource.indexOf('.') + 1);
  const type = resource.startsWith('resource.') ? (typeOf.get(name) ?? 'resource') : resource.split('.')[0];
  return `${type ?? 'resource'}.${name.replace(/_[\dA-F]{8}$/u, '')}`;
}

const covers = ({ check, resources }: Reason, finding: Finding): boolean =>
  check === finding.check && resources.includes(finding.resource);

/** The problems: failed checks without a reason, and reasons without a failed check. */
export function compare({ failed }: Report, reasons: readonly Reason[]): string[] {
  const unexplained = failed
    .filter((finding) => !reasons.some((reason) => covers(reason, finding)))
    .map(({ check, resource, name }) => `${check} fails on ${resource}: ${name}`);
  const outdated = reasons.flatMap((reason) =>
    reason.resources
      .filter((resource) => !failed.some((finding) => covers({ ...reason, resources: [resource] }, finding)))
      .map(
        (resource) =>
          `${reason.check} passes on ${resource}: remove its reason from tools/change/scan/reasons.ts`,
      ),
  );
  return [...unexplained, ...outdated];
}
