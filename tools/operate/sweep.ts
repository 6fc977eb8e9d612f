import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { pace } from '../../handlers/shared/pace';
import { pairOf, pairsOf, processedPrefixes } from '../../handlers/process-upload/prefixes';
import { resubmit, isStopped } from '../../handlers/sweep/resubmit';
import { resubmitToQueue } from '../../handlers/sweep/resubmit-to-queue';
import { judge } from '../../handlers/sweep/judge';
import { listUploads } from '../../handlers/sweep/prefix-listing';
import { listPage } from '../../handlers/sweep/s3-listing';
import { attempt } from '../../handlers/sweep/run';
import type { Position } from '../../handlers/sweep/sweep';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, ToolError, UsageError } from '../lib/errors';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { durationOption, integerOption } from '../lib/options';
import { openPipeline } from '../lib/pipeline';
import { allPrefixes, pipelineOf } from '../lib/prefixes';
import { Progress } from '../lib/progress';
import { YES_OPTION } from '../lib/protect';
import { resumeCommand, sweepReport } from './sweep/report';

const HELP = `Finds uploads that were left behind and has them processed: what the scheduled sweep does, now and from here. Uploads
from before the pipeline was there are found too.

  npm run sweep -- [options]
  npm run local -- npm run sweep -- [options]     on the local engine

  --dry-run          only say what there is
  --prefix PREFIX    only keys that start so: an upload prefix, or longer; every upload unless given
  --older-than TIME  leave younger uploads alone, their event may be on its way: 30s, 15m, 2h, 7d; 15m unless given
  --rate N           at most N uploads a second, 1 to 500; 50 unless given
  --after KEY        go on after this key: what an interrupted sweep prints
  --env NAME         the environment; PIPELINE_ENV, or else dev, unless given
  --yes              do not ask where the environment is protected
  --help             show this

Exit codes: 0 at the end of the listing; 1 it failed; 2 wrong command line; 3 it found uploads that can never be moved;
130 Ctrl-C.`;

/** The exit code where an upload can never be moved as it is. */
const UNMOVABLE = 3;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      help: { type: 'boolean', short: 'h' },
      'dry-run': { type: 'boolean', default: false },
      prefix: { type: 'string' },
      'older-than': { type: 'string', default: '15m' },
      rate: { type: 'string', default: '50' },
      after: { type: 'string' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const olderThanMs = durationOption(values['older-than'], '--older-than');
  const rate = integerOption(values.rate, { option: '--rate', minimum: 1, maximum: 500 });
  const dryRun = values['dry-run'];

  const { target, settings, allow } = await openPipeline(values.env);
  const { uploadBucket: bucket, processUploadFunction, uploadQueueUrl } = target;
  const everywhere = allPrefixes(target);
  const { prefix } = values;
  if (prefix !== undefined && pairOf(prefix, everywhere) === undefined) {
    const uploads = pairsOf(everywhere).map(({ upload }) => JSON.stringify(upload));
    throw new UsageError(
      `--prefix: got ${JSON.stringify(prefix)}; expected one that starts with an upload prefix, ${uploads.join(' or ')}: process-upload moves nothing else.`,
    );
  }
  if (!dryRun) await allow({ does: 'has uploads processed', yes: values.yes });
  const lambda = new LambdaClient(clientConfig(settings));
  const sqs = new SQSClient(clientConfig(settings));
  const movers = [target, ...target.furtherPipelines].map((pipeline) => pipeline.processUploadFunction);
  for (const mover of dryRun ? [] : movers) {
    if (!(await isStopped(lambda, mover))) continue;
    throw new ToolError(
      `${mover} is stopped (reserved concurrency 0): everything would go straight to the failure queue. ` +
        'Start it first, or look with --dry-run.',
    );
  }
  const at = { client: new S3Client(clientConfig(settings)), bucket };
  const list = (position: Position) =>
    prefix === undefined
      ? listUploads({ ...at, prefixes: everywhere }, position)
      : listPage({ ...at, prefix, passOver: processedPrefixes(everywhere) }, position);
  const signal = interruptible();
  const clock = { now: () => Date.now(), sleep: (milliseconds: number) => sleep(milliseconds) };
  let younger = 0;
  const { result, error } = await new Progress(process.stderr).step(
    dryRun ? 'Looking for uploads that were left behind' : 'Sweeping',
    (note) =>
      attempt(
        {
          list,
          judge: (object) => {
            const verdict = judge(bucket, object, pipelineOf(object.key, target).prefixes);
            const age = clock.now() - object.lastModified.getTime();
            if (verdict !== 'ignore' && age <= olderThanMs) younger += 1;
            return verdict;
          },
          resubmit: (object) => {
            const { processUploadFunction: mover } = pipelineOf(object.key, target);
            return uploadQueueUrl === undefined || mover !== processUploadFunction
              ? resubmit(lambda, mover, bucket, object)
              : resubmitToQueue(sqs, uploadQueueUrl, bucket, object);
          },
          pace: pace(rate, clock),
          now: clock.now,
          mustStop: () => signal.aborted,
          onProgress: ({ seen, waiting, resubmitted }) => {
            note(`${seen} seen, ${waiting} waiting, ${resubmitted} resubmitted`);
          },
        },
        { after: values.after, olderThanMs, maximumPerSecond: rate, dryRun },
      ),
  );
  console.log(sweepReport(result, { dryRun, younger, olderThanMs }));
  if (result.next !== undefined) console.log(`To go on: ${resumeCommand(args, result.next.after)}`);
  if (error !== undefined) throw new ToolError(messageOf(error));
  if (signal.aborted) return INTERRUPTED;
  return result.unmovable.length > 0 ? UNMOVABLE : 0;
};

if (require.main === module) void runTool(main);
