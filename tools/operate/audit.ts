import { readFile } from 'node:fs/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { pairsOf } from '../../handlers/process-upload/prefixes';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, UsageError } from '../lib/errors';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { durationOption } from '../lib/options';
import { Progress } from '../lib/progress';
import { openPipeline } from '../lib/pipeline';
import { coloursFor } from '../lib/terminal';
import { audit, type AuditResult } from './audit/audit';
import { everyUpload } from './audit/every-upload';
import { auditReport } from './audit/report';

const HELP = `Says of every upload there ever was what became of it, by the versions and delete markers that the bucket keeps.
Changes nothing, and reads no object.

  npm run audit                             counts by outcome, and the uploads that are not accounted for
  npm run local -- npm run audit            on the local engine

  --since TIME      only uploads of the last TIME: 30m, 2h, 7d
  --failures FILE   what \`npm run failures -- --json\` printed: says how many of the waiting uploads failed
  --json            the same for programs, with up to 1,000 unaccounted uploads
  --env NAME        the environment; PIPELINE_ENV, or else dev, unless given
  --help            show this

Exit codes: 0 every upload is accounted for; 1 it failed; 2 wrong command line; 3 an upload is not; 130 Ctrl-C.`;

/** The exit code where an upload is not accounted for. */
const UNACCOUNTED = 3;

/** How many unaccounted uploads are named. */
const NAMED = { report: 20, json: 1_000 };

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean', default: false },
      since: { type: 'string' },
      failures: { type: 'string' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const now = Date.now();
  const since = values.since === undefined ? undefined : now - durationOption(values.since, '--since');
  const failedKeys = values.failures === undefined ? undefined : await readFailedKeys(values.failures);
  const { target, settings } = await openPipeline(values.env);
  const { uploadBucket: bucket, ...prefixes } = target;

  const signal = interruptible();
  const listing = { client: new S3Client(clientConfig(settings)), bucket, signal };
  const result = await new Progress(process.stderr).step('Following every upload', (note) =>
    audit(everyUpload({ ...listing, pairs: pairsOf(prefixes) }), {
      beganAt: now,
      since,
      failedKeys,
      named: values.json ? NAMED.json : NAMED.report,
      onProgress: ({ uploads, fates }) => {
        note(
          `${uploads.toLocaleString('en')} uploads, ${fates.unaccounted.toLocaleString('en')} unaccounted`,
        );
      },
    }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    }),
  );
  if (result === undefined) return INTERRUPTED;
  console.log(
    values.json
      ? JSON.stringify(withTimes(result), undefined, 2)
      : auditReport(result, now, coloursFor(process.stdout)),
  );
  return result.fates.unaccounted > 0 ? UNACCOUNTED : 0;
};

/** The keys in what `npm run failures -- --json` printed. */
async function readFailedKeys(file: string): Promise<ReadonlySet<string>> {
  try {
    const { groups } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly groups: readonly { readonly keys: readonly string[] }[];
    };
    return new Set(groups.flatMap(({ keys }) => keys));
  } catch (error) {
    throw new UsageError(
      `--failures: ${JSON.stringify(file)} could not be read as the output of \`npm run failures -- --json\`: ${messageOf(error)}`,
    );
  }
}

/** Times as programs read them. */
const withTimes = ({ oldestWaiting, unaccounted, ...result }: AuditResult) => ({
  ...result,
  oldestWaiting: oldestWaiting === undefined ? undefined : new Date(oldestWaiting).toISOString(),
  unaccounted: unaccounted.map(({ uploadedAt, ...finding }) => ({
    ...finding,
    uploadedAt: new Date(uploadedAt).toISOString(),
  })),
});

if (require.main === module) void runTool(main);
