import type { AuditResult } from '../../../../tools/operate/audit/audit';
import { auditReport } from '../../../../tools/operate/audit/report';
import { coloursFor } from '../../../../tools/lib/terminal';

const HOUR = 3_600_000;

const CLEAN: AuditResult = {
  uploads: 1_203,
  fates: { processed: 1_200, replaced: 1, removed: 0, waiting: 2, overwritten: 0, unaccounted: 0 },
  failed: undefined,
  bySizeAndTime: 0,
  oldestWaiting: 9 * HOUR,
  unaccounted: [],
  unversioned: 0,
};

const report = (result: Partial<AuditResult> = {}) =>
  auditReport({ ...CLEAN, ...result }, 10 * HOUR, coloursFor({ write: () => undefined }));

describe('the report of an audit', () => {
  it('counts by outcome, and says that every upload is accounted for', () => {
    expect(report()).toBe(
      [
        '1,203 uploads',
        '  1,200  processed  at the destination',
        '  1      replaced   at the destination, as an older version below a newer upload',
        '  2      waiting    below the upload prefix, the oldest for 60 min 0 s',
        'Every upload is accounted for.',
      ].join('\n'),
    );
  });

  it('says how many of the waiting ones are in the failure queue', () => {
    expect(report({ failed: 1 })).toContain('the oldest for 60 min 0 s; 1 in the failure queue');
  });

  it('says what is less certain', () => {
    expect(report({ bySizeAndTime: 1, unversioned: 2 })).toMatch(
      /1 copy known by size and time only[^]+2 uploads from a time without versioning/u,
    );
  });

  it('names what is unaccounted for, says how many more there are, and how to upload it again', () => {
    const text = report({
      fates: { ...CLEAN.fates, unaccounted: 3 },
      unaccounted: [{ key: 'uploads/a\n', versionId: 'v7', size: 1, uploadedAt: 0 }],
    });

    expect(text).toContain('3 uploads not accounted for:');
    expect(text).toContain('  1970-01-01 00:00:00  uploads/a\\n  version v7, 1 byte');
    expect(text).toContain('  and 2 more');
    expect(text).toContain('--copy-source "BUCKET/KEY?versionId=VERSION"');
    expect(text).not.toContain('Every upload is accounted for');
  });
});
