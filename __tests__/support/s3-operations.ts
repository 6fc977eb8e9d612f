import { S3Model, S3ModelError, type Attributes, type StoredVersion } from './s3-model';

/** A request as the SDK's commands hold it. */
export interface Operation {
  /** `CopyObject` */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Stands before every effect on the bucket, and decides when it happens and whether: faults and schedules go in here.
 * A copy passes it twice, for it is not atomic: it reads its source, and writes its destination some time later.
 */
export type Gate = <Result>(label: string, effect: () => Result) => Promise<Result>;

export const straight: Gate = (_label, effect) => Promise.resolve().then(effect);

/** Does to the model what S3 does to a bucket, and answers as the SDK would. */
export async function perform(
  model: S3Model,
  { name, input }: Operation,
  gate: Gate = straight,
): Promise<object> {
  const text = (field: string): string | undefined => input[field] as string | undefined;
  const key = text('Key') ?? '';
  const conditions = { ifMatch: text('IfMatch'), ifNoneMatch: text('IfNoneMatch') };
  const readSource = () =>
    gate(`${name} reads ${sourceKey(text('CopySource'))}`, () =>
      model.read(sourceKey(text('CopySource')), text('CopySourceIfMatch'), 'x-amz-copy-source-If-Match'),
    );

  switch (name) {
    case 'HeadObject':
    case 'GetObject':
      return gate(`${name} ${key}`, () => {
        const object = model.read(key, conditions.ifMatch);
        // Only where a test looks at it: an id more would be a state more in every walk.
        return { ...answer(object), ...(object.annotations && { VersionId: model.versionId(key) }) };
      });
    case 'GetObjectTagging':
      return gate(`${name} ${key}`, () => ({ TagSet: tagSet(model.read(key)) }));
    case 'ListObjectAnnotations':
      return gate(`${name} ${key}`, () =>
        page(model.read(key), model.versionId(key), text('ContinuationToken')),
      );
    case 'GetObjectAnnotation':
      return gate(`${name} ${text('AnnotationName') ?? ''} of ${key}`, () => {
        const payload = Buffer.from(model.getAnnotation(key, text('AnnotationName') ?? ''));
        return {
          ObjectVersionId: model.versionId(key),
          AnnotationPayload: { transformToByteArray: () => Promise.resolve(payload) },
        };
      });
    case 'PutObjectAnnotation':
      return gate(`${name} ${text('AnnotationName') ?? ''} of ${key}`, () => {
        const payload = Buffer.from(input.AnnotationPayload as Uint8Array).toString();
        model.putAnnotation(key, text('AnnotationName') ?? '', payload, text('ObjectIfMatch'));
        return { ETag: '"annotation"' };
      });
    case 'PutObject':
      return gate(`${name} ${key}`, () => answer(model.put(key, text('Body') ?? '')));
    case 'DeleteObject':
      return gate(`${name} ${key}`, () => {
        model.remove(key, conditions.ifMatch);
        return { $metadata: { httpStatusCode: 204 } };
      });
    case 'CopyObject': {
      const source = await readSource();
      if (source.size > 5 * 1024 ** 3) {
        throw new S3ModelError(
          400,
          'InvalidRequest',
          undefined,
          'larger than the maximum allowable size for a copy source',
        );
      }
      return gate(`${name} writes ${key}`, () => ({
        CopyObjectResult: { ETag: `"${model.writeCopy(key, source, conditions).etag}"` },
      }));
    }
    case 'CreateMultipartUpload':
      return gate(`${name} ${key}`, () => ({ UploadId: model.createUpload(key, attributesOf(input)) }));
    case 'UploadPartCopy': {
      const source = await readSource();
      const number = Number(input.PartNumber);
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text('CopySourceRange') ?? '') ?? [];
      return gate(`${name} ${String(number)} of ${key}`, () => ({
        CopyPartResult: {
          ETag: `"${model.writePart(text('UploadId') ?? '', number, source, Number(first), Number(last))}"`,
        },
      }));
    }
    case 'CompleteMultipartUpload':
      return gate(`${name} ${key}`, () => {
        const { Parts } = input.MultipartUpload as { Parts: { ETag: string }[] };
        const etags = Parts.map(({ ETag }) => ETag.replaceAll('"', ''));
        return answer(model.completeUpload(text('UploadId') ?? '', etags, conditions));
      });
    case 'AbortMultipartUpload':
      return gate(`${name} ${key}`, () => {
        model.abortUpload(text('UploadId') ?? '');
        return {};
      });
    default:
      throw new S3ModelError(501, 'NotImplemented');
  }
}

/** S3 lists 1,000 a page, which is all that an object can have; here two, so that there is a second page. */
function page({ annotations = new Map() }: StoredVersion, versionId: string, token = '0'): object {
  const [first, names] = [Number(token), [...annotations.keys()]];
  return {
    ObjectVersionId: versionId,
    Annotations: names.slice(first, first + 2).map((AnnotationName: string) => ({ AnnotationName })),
    NextContinuationToken: first + 2 < names.length ? String(first + 2) : undefined,
  };
}

/** What a CopySource names: `bucket/key`, percent-encoded. */
function sourceKey(copySource = ''): string {
  return decodeURIComponent(copySource.slice(copySource.indexOf('/') + 1));
}

/** How the SDK names the headers that an object keeps. */
export const HEADERS = {
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentType: 'content-type',
  StorageClass: 'x-amz-storage-class',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
} as const;

function answer(object: StoredVersion): object {
  const headers = Object.entries(HEADERS).map(([name, header]) => [name, object.headers?.[header]] as const);
  const tags = Object.keys(object.tags ?? {}).length;
  return {
    ...(Object.fromEntries(headers) as Record<string, string | undefined>),
    ETag: `"${object.etag}"`,
    ContentLength: object.size,
    Metadata: object.metadata ?? {},
    ...(object.headers?.expires === undefined ? {} : { ExpiresString: object.headers.expires }),
    ...(tags > 0 ? { TagCount: tags } : {}),
    ...(object.checksum === undefined
      ? {}
      : { ChecksumCRC64NVME: object.checksum, ChecksumType: 'FULL_OBJECT' }),
    content: object.content,
  };
}

function attributesOf(input: Readonly<Record<string, unknown>>): Attributes {
  const headers = Object.entries(HEADERS)
    .map(([name, header]): [string, unknown] => [header, input[name]])
    .filter(([, value]) => value !== undefined);
  if (input.Expires instanceof Date) headers.push(['expires', input.Expires.toUTCString()]);
  return {
    metadata: (input.Metadata ?? {}) as Record<string, string>,
    headers: Object.fromEntries(headers) as Record<string, string>,
    tags: Object.fromEntries(new URLSearchParams((input.Tagging ?? '') as string)),
  };
}

const tagSet = ({ tags = {} }: StoredVersion) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
