import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { TerraformResource, Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { DirectTrigger } from '../../../constructs/uploads/direct-trigger';
import type { PrefixPair } from '../../../constructs/uploads/prefix-pair';
import { OwnBucket, type OwnBucketProps } from '../../../constructs/uploads/own-bucket';
import { nodeFunction, PREFIXES, WHOLE_BUCKET } from '../../support/mover';
import { onlyResource, parse, statements } from '../../support/synth';

const PROPS: OwnBucketProps = {
  namePrefix: 'test-uploads-',
};

const synth = (
  props: Partial<OwnBucketProps> = {},
  use: (uploads: OwnBucket, scope: Construct) => void = () => undefined,
): string =>
  Testing.synthScope((scope) => {
    use(new OwnBucket(scope, 'uploads', { ...PROPS, ...props }), scope);
  });

/** The bucket with a function that moves its uploads. */
const synthWired = (prefixes: PrefixPair = PREFIXES, props: Partial<OwnBucketProps> = {}): string =>
  synth(props, (uploads, scope) => {
    const mover = nodeFunction(scope);
    uploads.grantMove(mover, [prefixes]);
    uploads.onUpload(mover, [prefixes], new DirectTrigger(uploads));
  });

/** The bucket with a function for each pair of prefixes, or with several pairs for one. */
const synthSeveral = (...functions: readonly (readonly PrefixPair[])[]): string =>
  synth({ processedExpirationDays: 30 }, (uploads, scope) => {
    functions.forEach((pairs, index) => {
      const mover = nodeFunction(scope, `mover${index}`);
      uploads.onUpload(mover, pairs, new DirectTrigger(mover));
    });
  });
const INVOICES: PrefixPair = { upload: 'invoices/', processed: 'invoices-done/' };

const grants = (synthesized: string) =>
  statements(synthesized).filter(({ address }) => address.includes('move-uploads'));

describe('OwnBucket', () => {
  it('has a name that Terraform makes unique, and is kept by a destroy while it holds anything', () => {
    expect(onlyResource(synth(), 'aws_s3_bucket')).toMatchObject({
      bucket_prefix: 'test-uploads-',
      force_destroy: false,
    });
  });

  it('can be imported, with what is set of it, as docs/adopting.md tells', () => {
    const ids = [
      'bucket',
      'public-access-block',
      'ownership',
      'encryption',
      'versioning',
      'policy',
      'lifecycle',
    ];
    const synthesized = synth({ name: 'team-data' }, (own) => {
      for (const child of own.node.children) {
        if (TerraformResource.isTerraformResource(child) && ids.includes(child.node.id)) {
          child.importFrom('team-data');
        }
      }
    });

    const { import: imports } = JSON.parse(synthesized) as { import: { to: string; id: string }[] };
    expect(imports.map(({ id }) => id)).toEqual(ids.map(() => 'team-data'));
    expect(imports.map(({ to }) => to)).toContainEqual(
      expect.stringMatching(/^aws_s3_bucket\.uploads_bucket_/u),
    );
  });

  it('has just the name it is given', () => {
    const bucket = onlyResource(synth({ name: 'our-uploads', forceDestroy: true }), 'aws_s3_bucket');

    expect(bucket).toMatchObject({ bucket: 'our-uploads', force_destroy: true });
    expect(bucket).not.toHaveProperty('bucket_prefix');
  });

  it('is private', () => {
    expect(synth()).toHaveResource(S3Bucket);
    expect(synth()).toHaveResourceWithProperties(S3BucketPublicAccessBlock, {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(synth()).toHaveResourceWithProperties(S3BucketOwnershipControls, {
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
  });

  it('is encrypted', () => {
    expect(synth()).toHaveResourceWithProperties(S3BucketServerSideEncryptionConfigurationA, {
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
  });

  it('refuses whatever does not come over TLS, for the bucket and its objects', () => {
    const arn = expect.stringMatching(/^\$\{aws_s3_bucket\.uploads_bucket_\w+\.arn\}(\/\*)?$/u) as string;

    expect(statements(synth())).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*'],
        Resource: [arn, arn],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
    expect(onlyResource(synth(), 'aws_s3_bucket_policy').depends_on).toEqual([
      expect.stringContaining('aws_s3_bucket_public_access_block.'),
    ]);
  });

  it.each([
    [undefined, 'Enabled'],
    [true, 'Enabled'],
    [false, 'Suspended'],
  ])('with versioning %p has versioning %s', (versioning, status) => {
    expect(synth({ versioning })).toHaveResourceWithProperties(S3BucketVersioningA, {
      versioning_configuration: { status },
    });
  });

  describe('lifecycle', () => {
    it('is set after versioning, without which S3 refuses rules on older versions', () => {
      const synthesized = synth({ noncurrentVersionDays: 30 });
      const { depends_on: after } = onlyResource(synthesized, 'aws_s3_bucket_lifecycle_configuration');
      const [versioning = ''] = Object.keys(parse(synthesized).resource.aws_s3_bucket_versioning ?? {});

      expect(after).toEqual([`aws_s3_bucket_versioning.${versioning}`]);
    });

    it('ends unfinished uploads after 7 days and older versions after 90, and keeps processed objects', () => {
      expect(synth()).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
        rule: [
          {
            id: 'abort-incomplete-multipart-uploads',
            status: 'Enabled',
            filter: [{ prefix: '' }],
            abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          },
          {
            id: 'expire-older-versions',
            status: 'Enabled',
            filter: [{ prefix: '' }],
            noncurrent_version_expiration: [{ noncurrent_days: 90 }],
            expiration: [{ expired_object_delete_marker: true }],
          },
        ],
      });
    });

    it('expires processed objects, and only those, where that is asked for', () => {
      const synthesized = synthWired(PREFIXES, {
        abortIncompleteMultipartDays: null,
        noncurrentVersionDays: null,
        processedExpirationDays: 30,
      });

      expect(onlyResource(synthesized, 'aws_s3_bucket_lifecycle_configuration').rule).toEqual([
        {
          id: 'expire-processed-objects',
          status: 'Enabled',
          filter: [{ prefix: 'processed/' }],
          expiration: [{ days: 30 }],
        },
      ]);
    });

    it('is left out where nothing expires', () => {
      const synthesized = synth({ abortIncompleteMultipartDays: null, noncurrentVersionDays: null });

      expect(parse(synthesized).resource).not.toHaveProperty('aws_s3_bucket_lifecycle_configuration');
    });

    it('refuses 0 days with the way out', () => {
      expect(() => synth({ noncurrentVersionDays: 0 })).toThrow(
        'OwnBucket.noncurrentVersionDays: got 0; expected an integer of 1 or more, or null for never.',
      );
    });
  });

  it('refuses prefixes that would loop', () => {
    expect(() => synthWired({ upload: 'uploads/', processed: 'uploads/done/' })).toThrow(
      /each move would count as a new upload/u,
    );
  });

  describe('grantMove', () => {
    it('gives exactly what the move needs, where it needs it', () => {
      const allowed = grants(synthWired()).map(({ Effect, Action, Resource }) => ({
        Effect,
        Action,
        Resource,
      }));
      const under = (suffix: string): unknown[] => [
        expect.stringMatching(new RegExp(`\\.arn\\}${suffix}$`, 'u')),
      ];

      expect(allowed).toEqual([
        { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: under('') },
        {
          Effect: 'Allow',
          Action: [
            's3:GetObject',
            's3:GetObjectTagging',
            's3:GetObjectAnnotation',
            's3:ListObjectAnnotations',
            's3:DeleteObject',
          ],
          Resource: under('/uploads/\\*'),
        },
        {
          Effect: 'Allow',
          Action: [
            's3:GetObject',
            's3:PutObject',
            's3:PutObjectTagging',
            's3:PutObjectAnnotation',
            's3:AbortMultipartUpload',
          ],
          Resource: under('/processed/\\*'),
        },
      ]);
    });

    it('watching the whole bucket, still lets nobody delete under the processed prefix', () => {
      expect(grants(synthWired(WHOLE_BUCKET))).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: ['s3:DeleteObject'],
          Resource: [expect.stringMatching(/\.arn\}\/processed\/\*$/u)],
        }),
      );
    });
  });

  describe('onUpload', () => {
    it('lets this bucket of this account start the function', () => {
      expect(synthWired()).toHaveResourceWithProperties(LambdaPermission, {
        statement_id: 'AllowExecutionFromS3',
        action: 'lambda:InvokeFunction',
        principal: 's3.amazonaws.com',
        function_name: expect.stringMatching(/^\$\{aws_lambda_function\.mover_/u) as string,
        source_arn: expect.stringMatching(/^\$\{aws_s3_bucket\.uploads_bucket_\w+\.arn\}$/u) as string,
        source_account: expect.stringMatching(/^\$\{data\.aws_caller_identity\..*\.account_id\}$/u) as string,
      });
    });

    it('starts it for every object created under the upload prefix', () => {
      expect(synthWired()).toHaveResourceWithProperties(S3BucketNotification, {
        lambda_function: [
          {
            events: ['s3:ObjectCreated:*'],
            filter_prefix: 'uploads/',
            lambda_function_arn: expect.stringMatching(
              /^\$\{aws_lambda_function\.mover_.*\.arn\}$/u,
            ) as string,
          },
        ],
      });
    });

    it('watching the whole bucket, filters nothing', () => {
      const notification = onlyResource(synthWired(WHOLE_BUCKET), 'aws_s3_bucket_notification');

      expect(notification.lambda_function).toEqual([
        { events: ['s3:ObjectCreated:*'], lambda_function_arn: expect.any(String) as string },
      ]);
    });

    it('comes after the permission and after everything the function needs', () => {
      expect(onlyResource(synthWired(), 'aws_s3_bucket_notification').depends_on).toEqual([
        expect.stringContaining('aws_lambda_permission.uploads_permission_'),
        expect.stringContaining('aws_iam_role_policy.mover_write-logs_'),
        expect.stringContaining('aws_iam_role_policy.mover_move-uploads_'),
      ]);
    });
  });

  describe('of several functions', () => {
    it('has one notification, made from all of them, that waits for all', () => {
      const notification = onlyResource(synthSeveral([PREFIXES], [INVOICES]), 'aws_s3_bucket_notification');
      const target = (prefix: string, id: string): unknown => ({
        events: ['s3:ObjectCreated:*'],
        filter_prefix: prefix,
        lambda_function_arn: expect.stringContaining(`aws_lambda_function.${id}_`) as string,
      });

      expect(notification.lambda_function).toEqual([
        target('uploads/', 'mover0'),
        target('invoices/', 'mover1'),
      ]);
      for (const id of ['mover0', 'mover1']) {
        expect(notification.depends_on).toContainEqual(
          expect.stringMatching(new RegExp(`^aws_lambda_permission\\.${id}_permission_`, 'u')),
        );
      }
    });

    it('gives one function the uploads of several prefixes, which may share a destination', () => {
      const former: PrefixPair = { upload: 'incoming/', processed: 'processed/' };
      const synthesized = synthSeveral([PREFIXES, former]);

      expect(onlyResource(synthesized, 'aws_s3_bucket_notification').lambda_function).toEqual([
        expect.objectContaining({ filter_prefix: 'uploads/' }),
        expect.objectContaining({ filter_prefix: 'incoming/' }),
      ]);
      expect(Object.keys(parse(synthesized).resource.aws_lambda_permission ?? {})).toHaveLength(1);
    });

    it('expires what is under each processed prefix', () => {
      const { rule } = onlyResource(
        synthSeveral([PREFIXES], [INVOICES]),
        'aws_s3_bucket_lifecycle_configuration',
      );

      expect(rule).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 'expire-processed-objects', filter: [{ prefix: 'processed/' }] }),
          expect.objectContaining({
            id: 'expire-processed-objects-2',
            filter: [{ prefix: 'invoices-done/' }],
          }),
        ]),
      );
    });

    it.each([
      [
        'a move that starts the other',
        { upload: 'processed/', processed: 'done/' },
        /moved to "processed\/" would count/u,
      ],
      [
        'an output that the first would move',
        { upload: 'more/', processed: 'uploads/more/' },
        /moved to "uploads\/more\/" would count/u,
      ],
      [
        'an upload that starts both',
        { upload: 'uploads/invoices/', processed: 'done/' },
        /upload prefixes .* overlap/u,
      ],
      ['the whole bucket beside a prefix', WHOLE_BUCKET, /upload prefixes .* overlap/u],
      [
        'two moves to one destination',
        { upload: 'more/', processed: 'processed/more/' },
        /share a destination/u,
      ],
    ])('refuses %s, whichever comes first', (_, pair, message) => {
      expect(() => synthSeveral([PREFIXES], [pair])).toThrow(message);
      expect(() => synthSeveral([pair], [PREFIXES])).toThrow(/prefixes: .*Expected prefixes of which none/u);
    });

    it('refuses a loop between the prefixes of one function', () => {
      expect(() => synthSeveral([PREFIXES, { upload: 'processed/', processed: 'done/' }])).toThrow(
        /may never end/u,
      );
    });
  });

  it('lets a sweep see which uploads there are and keep its note, and neither read nor delete an upload', () => {
    const synthesized = synth({}, (uploads, scope) => {
      const sweep = nodeFunction(scope, 'sweep');
      uploads.grantSweep(sweep, '.note');
    });
    const given = statements(synthesized).filter(({ address }) => address.includes('list-uploads'));

    expect(given.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: ['s3:ListBucket'], Resource: [expect.stringMatching(/\.arn\}$/u) as string] },
      {
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: [expect.stringMatching(/\.arn\}\/\.note$/u) as string],
      },
    ]);
  });
});
