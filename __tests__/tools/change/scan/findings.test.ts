import { compare, readReport, type Report } from '../../../../tools/change/scan/findings';
import { REASONS } from '../../../../tools/change/scan/reasons';
import { asPlan, asTerraformJson } from '../../../../tools/change/scan/shapes';
import { EVERYTHING, synthPipeline } from '../../../support/synth';

const TYPES = new Map([['uploads_bucket_556152F0', 'aws_s3_bucket']]);

const output = (failed: readonly object[], summary = { passed: 3, parsing_errors: 0 }) => ({
  summary,
  results: { failed_checks: failed },
});

const failure = (resource: string, check = 'CKV_1') => ({ check_id: check, check_name: 'Be safe', resource });

describe('the report of a scan', () => {
  it('has a finding once, whichever shape told it', () => {
    const inJson = output([failure('resource.uploads_bucket_556152F0')]);
    const inPlan = output([
      failure('aws_s3_bucket.uploads_bucket_556152F0'),
      failure('aws_sqs_queue.failures_queue_3DB484D9'),
    ]);

    expect(readReport(JSON.stringify([inJson, inPlan]), TYPES)).toEqual({
      passed: 6,
      parsingErrors: 0,
      failed: [
        { check: 'CKV_1', name: 'Be safe', resource: 'aws_s3_bucket.uploads_bucket' },
        { check: 'CKV_1', name: 'Be safe', resource: 'aws_sqs_queue.failures_queue' },
      ],
    });
  });

  it('is empty where checkov found nothing to look at, and counts what it could not read', () => {
    expect(readReport('{"passed":0,"failed":0}', TYPES)).toEqual({ passed: 0, parsingErrors: 0, failed: [] });
    expect(readReport(JSON.stringify(output([], { passed: 1, parsing_errors: 2 })), TYPES)).toMatchObject({
      passed: 1,
      parsingErrors: 2,
    });
  });
});

describe('the comparison with the reasons', () => {
  const report: Report = {
    passed: 1,
    parsingErrors: 0,
    failed: [{ check: 'CKV_1', resource: 'aws_s3_bucket.a', name: 'Be safe' }],
  };
  const reason = (check: string, ...resources: string[]) => ({ check, resources, reason: 'because' });

  it('is content where every failed check has its reason', () => {
    expect(compare(report, [reason('CKV_1', 'aws_s3_bucket.a')])).toEqual([]);
  });

  it('names a failed check without one, be it that the reason is another resource’s or another check’s', () => {
    const told = 'CKV_1 fails on aws_s3_bucket.a: Be safe';

    expect(compare(report, [])).toEqual([told]);
    expect(compare(report, [reason('CKV_1', 'aws_s3_bucket.b')])).toContain(told);
    expect(compare(report, [reason('CKV_2', 'aws_s3_bucket.a')])).toContain(told);
  });

  it('names a reason whose check passes again', () => {
    expect(compare(report, [reason('CKV_1', 'aws_s3_bucket.a', 'aws_s3_bucket.b')])).toEqual([
      'CKV_1 passes on aws_s3_bucket.b: remove its reason from tools/change/scan/reasons.ts',
    ]);
  });

  it('has one reason for each check and resource', () => {
    const all = REASONS.flatMap(({ check, resources }) =>
      resources.map((resource) => `${check} ${resource}`),
    );

    expect(new Set(all).size).toBe(all.length);
    for (const { reason: why } of REASONS) expect(why).toMatch(/^[A-Z].{20,}\.$/u);
  });
});

describe('the shapes that are scanned', () => {
  const synthesized = synthPipeline(EVERYTHING);

  it('have no required_version, with which checkov reads nothing', () => {
    const withVersion = JSON.stringify({
      ...JSON.parse(synthesized),
      terraform: { required_version: '>= 1', backend: {} },
    });

    expect(JSON.parse(asTerraformJson(withVersion))).toMatchObject({ terraform: { backend: {} } });
    expect(asTerraformJson(withVersion)).not.toContain('required_version');
  });

  it('hold, as a plan, every resource with its blocks in lists and its maps as they are', () => {
    const { resource } = JSON.parse(synthesized) as { resource: Record<string, object> };
    const plan = JSON.parse(asPlan(synthesized)) as {
      planned_values: { root_module: { resources: { type: string; values: Record<string, unknown> }[] } };
    };
    const { resources } = plan.planned_values.root_module;
    const [worker] = resources.filter(({ type }) => type === 'aws_lambda_function');

    expect(resources).toHaveLength(Object.values(resource).flatMap((blocks) => Object.keys(blocks)).length);
    expect(worker?.values).toMatchObject({
      environment: [{ variables: expect.objectContaining({ LOG_LEVEL: 'INFO' }) as unknown }],
      logging_config: [{ log_format: 'JSON' }],
    });
  });
});
