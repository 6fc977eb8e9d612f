import { Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { FailureQueue } from '../../constructs/failures/failure-queue';
import { NodeFunction, type NodeFunctionProps } from '../../constructs/function/node-function';
import type { PrefixPair } from '../../constructs/uploads/prefix-pair';
import { OwnBucket } from '../../constructs/uploads/own-bucket';
import type { UploadTrigger } from '../../constructs/uploads/upload-trigger';
import { prebuiltCode } from './synth';

export const PREFIXES: PrefixPair = { upload: 'uploads/', processed: 'processed/' };
export const WHOLE_BUCKET: PrefixPair = { upload: '', processed: 'processed/', watchWholeBucket: true };

/** A function with a timeout of 30 s. */
export const nodeFunction = (scope: Construct, id = 'mover', props: Partial<NodeFunctionProps> = {}) =>
  new NodeFunction(scope, id, {
    functionName: `test-${id}`,
    description: 'Moves',
    code: prebuiltCode,
    runtime: 'nodejs24.x',
    memorySizeMb: 256,
    timeoutSeconds: 30,
    logRetentionDays: 7,
    ...props,
  });

export interface Parts {
  readonly failures: FailureQueue;
  readonly mover: NodeFunction;
}

/** A bucket whose uploads start a function by a trigger. */
export const synthTrigger = (
  trigger: (scope: Construct, parts: Parts) => UploadTrigger,
  { prefixes = PREFIXES, ...props }: Partial<NodeFunctionProps> & { prefixes?: PrefixPair } = {},
): string =>
  Testing.synthScope((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const uploads = new OwnBucket(scope, 'uploads', { namePrefix: 'test-uploads-' });
    const mover = nodeFunction(scope, 'mover', props);
    uploads.grantMove(mover, [prefixes]);
    uploads.onUpload(mover, [prefixes], trigger(scope, { failures, mover }));
  });
