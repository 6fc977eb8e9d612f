import { z } from 'zod';
import { about } from './about';
import { isLoopbackUrl } from './loopback';

const stateType = {
  description:
    'Where Terraform keeps its state: in a file beside the project, or in an S3 bucket with a lock file.',
  allowed: 'local or s3',
};

const localState = z.strictObject({
  type: about(z.literal('local'), stateType),
  path: about(z.string().min(1).default('terraform.tfstate'), {
    description: 'Terraform’s state file (backend type `local`).',
    allowed: 'a path relative to the project',
  }),
});

const s3State = z.strictObject({
  type: about(z.literal('s3'), stateType),
  bucket: about(z.string().min(3).max(63), {
    description: 'Bucket of the state file (backend type `s3`); it must exist, be private and be versioned.',
    allowed: 'the name of a bucket',
  }),
  key: about(z.string().min(1).max(1024).default('upload-pipeline/terraform.tfstate'), {
    description: 'Key of the state file (backend type `s3`); its lock file lies beside it.',
    allowed: 'a key',
  }),
  region: about(z.string().min(1), {
    description: 'Region of the state’s bucket (backend type `s3`).',
    allowed: 'an AWS region',
  }),
});

/** Where Terraform keeps its state. */
export const state = z.discriminatedUnion('type', [localState, s3State]);

/** Terraform’s AWS provider. */
export const awsProvider = z.strictObject({
  version: about(z.string().min(1).default('~> 6.25'), {
    description:
      'Version constraint of Terraform’s AWS provider; the environment variable PIPELINE_AWS_PROVIDER_VERSION replaces it.',
    allowed: 'a Terraform version constraint',
  }),
  localEndpoint: about(z.string().refine(isLoopbackUrl).optional(), {
    description:
      'URL of a local engine that answers for AWS; credentials are then test ones. Only the environment `local` sets it.',
    allowed: 'a URL on this machine (127.0.0.0/8, localhost, [::1]), or left out for AWS',
  }),
});
