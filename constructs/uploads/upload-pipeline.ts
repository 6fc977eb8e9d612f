import { Construct } from 'constructs';
import type { NodeFunction } from '../function/node-function';
import { Schedule } from '../sources/schedule';
import type { PrefixPair } from './prefix-pair';
import type { UploadBucket } from './upload-bucket';
import type { UploadTrigger } from './upload-trigger';

/** A function that looks, on a schedule, for uploads which no event announced. */
export interface SweepProps {
  readonly handler: NodeFunction;
  /** How often, in minutes. 1–1,440. */
  readonly everyMinutes: number;
  /** Where it notes how far it came: a key that starts no function. */
  readonly noteKey: string;
  /** The environment variable that tells it the name of the mover. */
  readonly moverVariable: string;
}

export interface UploadPipelineProps {
  /** The bucket, which may serve several pipelines. */
  readonly uploads: UploadBucket;
  /** Where uploads arrive and where they go; they keep apart from those of every other pipeline of the bucket. */
  readonly prefixes: PrefixPair;
  /** The pairs of before a change of prefixes, served until nothing is left below them. @default none */
  readonly formerPrefixes?: readonly PrefixPair[];
  /** Runs the step of this pipeline and moves each upload. Its failure destination must be set. */
  readonly mover: NodeFunction;
  /** The way from an upload to the mover. */
  readonly trigger: UploadTrigger;
  /** @default none: an upload whose event is lost waits for someone to notice */
  readonly sweep?: SweepProps | undefined;
}

/**
 * Uploads under one prefix of a bucket, moved to another by one function: what connects its parts, in the order in which
 * AWS checks them. A bucket can have several, each with its own prefixes and its own step.
 */
export class UploadPipeline extends Construct {
  /** The pairs of prefixes that it serves, the present one first. */
  readonly pairs: readonly PrefixPair[];
  readonly mover: NodeFunction;

  constructor(scope: Construct, id: string, props: UploadPipelineProps) {
    super(scope, id);
    this.pairs = [props.prefixes, ...(props.formerPrefixes ?? [])];
    this.mover = props.mover;
    const { uploads, prefixes, formerPrefixes = [], mover, trigger, sweep } = props;
    // The whole bucket was watched on purpose then.
    const pairs = [prefixes, ...formerPrefixes.map((pair) => ({ ...pair, watchWholeBucket: true }))];
    if (mover.failures === undefined) {
      throw new Error(
        `UploadPipeline.mover: ${mover.functionName} has no failure destination; expected onFailure(queue) to be called before: an upload that fails would leave no record.`,
      );
    }
    uploads.grantMove(mover, pairs);
    if (sweep) this.addSweep(props, sweep);
    // Last: events flow as soon as the notification exists.
    uploads.onUpload(mover, pairs, trigger);
  }

  private addSweep(
    { uploads, mover, trigger }: UploadPipelineProps,
    { handler, everyMinutes, noteKey, moverVariable }: SweepProps,
  ): void {
    uploads.grantSweep(handler, noteKey);
    if (trigger.grantResubmit) trigger.grantResubmit(handler);
    else mover.grantInvoke(handler, moverVariable);
    mover.grantReadConcurrency(handler, moverVariable);
    new Schedule(this, 'sweep-schedule', {
      ruleName: handler.functionName,
      description: 'Starts the sweep that looks for uploads which were left behind',
      everyMinutes,
      handler,
    });
  }
}
