import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Grantee } from '../base/grantee';
import type { PolicyStatement } from '../base/policy';
import type { NodeFunction } from '../function/node-function';
import { refuseLoop, refuseOverlap, type PrefixPair } from './prefix-pair';
import type { NotificationTarget, UploadTrigger, WatchedBucket } from './upload-trigger';

/**
 * A bucket whose uploads start functions that move them: one function a pair of prefixes. The stack makes it
 * (`OwnBucket`), or it exists already and stays its owner's (`ExistingBucket`).
 */
export abstract class UploadBucket extends Construct implements WatchedBucket {
  abstract readonly bucketName: string;
  abstract readonly bucketArn: string;
  /** Those of every function so far. */
  protected readonly pairs: PrefixPair[] = [];

  /** Lets `grantee` read and write, under the bucket's key, the objects below some prefixes or with some key. */
  protected abstract grantKey(grantee: Grantee, keys: readonly string[]): void;

  /** Has the bucket tell `target` of objects that are created. */
  abstract announce(target: NotificationTarget, dependsOn: readonly ITerraformDependable[]): void;

  /** Lets `grantee` move objects from the upload prefixes of some pairs to the processed ones, and nothing more. */
  grantMove(grantee: Grantee, pairs: readonly PrefixPair[]): void {
    this.grantKey(
      grantee,
      pairs.flatMap(({ upload, processed }) => [`${upload}*`, `${processed}*`]),
    );
    grantee.allow('move-uploads', this.moveStatements(pairs));
  }

  /** What a move needs, for the policy of a role or of an endpoint. */
  moveStatements(pairs: readonly PrefixPair[]): PolicyStatement[] {
    const objectsUnder = (prefixes: readonly string[]): string[] =>
      [...new Set(prefixes)].map((prefix) => `${this.bucketArn}/${prefix}*`);
    const uploads = objectsUnder(pairs.map(({ upload }) => upload));
    const processedObjects = objectsUnder(pairs.map(({ processed }) => processed));
    const statements: PolicyStatement[] = [
      // Without it S3 answers 403 instead of 404 for a key that is gone, and a finished move looks like a failure.
      { sid: 'TellMissingFromForbidden', actions: ['s3:ListBucket'], resources: [this.bucketArn] },
      {
        sid: 'TakeUploads',
        // CopyObject reads annotations, a copy in parts lists them too.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-object-annotation-directive)
        actions: [
          's3:GetObject',
          's3:GetObjectTagging',
          's3:GetObjectAnnotation',
          's3:ListObjectAnnotations',
          's3:DeleteObject',
        ],
        resources: uploads,
      },
      {
        sid: 'WriteProcessed',
        // Reading is what conditions on an existing object need; tags and annotations travel with a copy.
        actions: [
          's3:GetObject',
          's3:PutObject',
          's3:PutObjectTagging',
          's3:PutObjectAnnotation',
          's3:AbortMultipartUpload',
        ],
        resources: processedObjects,
      },
    ];
    if (pairs.some(({ upload }) => upload === '')) {
      // Here TakeUploads covers the processed objects too; a refusal outweighs every permission.
      statements.push({
        sid: 'KeepProcessed',
        effect: 'Deny',
        actions: ['s3:DeleteObject'],
        resources: processedObjects,
      });
    }
    return statements;
  }

  /**
   * Lets `grantee` see which uploads there are, and keep a note of how far it has looked at `noteKey`.
   * What is uploaded it can neither read nor change.
   */
  grantSweep(grantee: Grantee, noteKey: string): void {
    this.grantKey(grantee, [noteKey]);
    grantee.allow('list-uploads', [
      // Not narrowed to the upload prefix: without the whole, a note that is not there yet answers 403 instead of 404.
      { sid: 'ListUploads', actions: ['s3:ListBucket'], resources: [this.bucketArn] },
      {
        sid: 'KeepANote',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [`${this.bucketArn}/${noteKey}`],
      },
    ]);
  }

  /**
   * Starts `handler` for every object created under the upload prefixes of `pairs`, at least once. Call it last for each
   * handler: events flow as soon as the notification exists.
   * @param trigger the way from the bucket to the function
   */
  onUpload(handler: NodeFunction, pairs: readonly PrefixPair[], trigger: UploadTrigger): void {
    pairs.forEach((pair, index) => {
      refuseLoop(pair);
      refuseOverlap(pair, this.pairs);
      refuseOverlap(pair, pairs.slice(0, index), { sameFunction: true });
    });
    this.pairs.push(...pairs);
    const { target, dependsOn } = trigger.bind(this, handler, pairs);
    // S3 tests the permission when the notification is set; the rest is for the first event.
    this.announce(target, [...dependsOn, ...handler.dependencies]);
  }
}
