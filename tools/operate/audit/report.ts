import { count, duration, indent, printable, table, utcTime, type Colours } from '../../lib/terminal';
import type { AuditResult, Finding } from './audit';
import type { Fate } from './judge-upload';

const MEANING: Readonly<Record<Fate, string>> = {
  processed: 'at the destination',
  replaced: 'at the destination, as an older version below a newer upload',
  removed: 'at the destination, deleted there since',
  waiting: 'below the upload prefix',
  overwritten: 'replaced by a newer upload before the move; kept as an older version',
  unaccounted: 'deleted from the upload prefix, and no copy at the destination',
};

/** What an audit has found, for a terminal. */
export function auditReport(result: AuditResult, now: number, colours: Colours): string {
  const { fates, uploads, unaccounted } = result;
  const rows = (Object.entries(MEANING) as [Fate, string][])
    .filter(([fate]) => fates[fate] > 0)
    .map(([fate, meaning]) => [
      fates[fate].toLocaleString('en'),
      fate,
      `${meaning}${detail(fate, result, now)}`,
    ]);
  const lines = [colours.heading(count(uploads, 'upload')), ...(rows.length > 0 ? [table(rows)] : [])];
  if (result.bySizeAndTime > 0) {
    lines.push(
      `${count(result.bySizeAndTime, 'copy', 'copies')} known by size and time only: S3 gives copies of multipart and KMS-encrypted objects another ETag.`,
    );
  }
  if (result.unversioned > 0) {
    lines.push(
      colours.warning(
        `${count(result.unversioned, 'upload')} from a time without versioning: what was moved then is not listed here.`,
      ),
    );
  }
  if (fates.unaccounted === 0) return [...lines, colours.good('Every upload is accounted for.')].join('\n');
  const more = fates.unaccounted - unaccounted.length;
  return [
    ...lines,
    colours.bad(`${count(fates.unaccounted, 'upload')} not accounted for:`),
    indent(unaccounted.map(findingText).join('\n')),
    ...(more > 0 ? [colours.quiet(`  and ${more.toLocaleString('en')} more`)] : []),
    'Someone other than the pipeline deleted them, or deleted their copies with all versions.',
    'The content is still stored. To upload it again, with KEY and VERSION from the list:',
    '  aws s3api copy-object --bucket BUCKET --key KEY --copy-source "BUCKET/KEY?versionId=VERSION"',
  ].join('\n');
}

function detail(fate: Fate, { failed, oldestWaiting }: AuditResult, now: number): string {
  if (fate !== 'waiting' || oldestWaiting === undefined) return '';
  const oldest = `, the oldest for ${duration(now - oldestWaiting)}`;
  return failed === undefined ? oldest : `${oldest}; ${failed.toLocaleString('en')} in the failure queue`;
}

const findingText = ({ key, versionId, size, uploadedAt }: Finding): string =>
  `${utcTime(uploadedAt)}  ${printable(key)}  version ${versionId}, ${count(size, 'byte')}`;
