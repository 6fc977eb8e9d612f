import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NetworkError } from './fake-client';
import { S3ModelError, type S3Model } from './s3-model';
import { HEADERS, perform, straight, type Gate, type Operation } from './s3-operations';

export interface S3Server {
  readonly url: string;
  /** Every request that came in: `CopyObject processed/a`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** The model behind HTTP, as much of S3's REST interface as the handlers speak: path style, XML, no signatures. */
export async function s3Server(model: S3Model, gate: Gate = straight): Promise<S3Server> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      // Nobody learns what became of the request.
      if (error instanceof NetworkError) response.destroy();
      else sendError(request, response, error);
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = await parse(request);
    requests.push(`${operation.name} ${String(operation.input.Key)}`);
    send(operation, response, (await perform(model, operation, gate)) as Output);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Output = Readonly<Record<string, unknown>>;

/** The operations, by method and by what the query holds. */
const OPERATIONS: readonly (readonly [method: string, parameter: string, copies: boolean, name: string])[] = [
  ['HEAD', '', false, 'HeadObject'],
  ['GET', 'tagging', false, 'GetObjectTagging'],
  ['GET', 'annotationName', false, 'GetObjectAnnotation'],
  ['GET', 'annotation', false, 'ListObjectAnnotations'],
  ['GET', '', false, 'GetObject'],
  ['DELETE', 'uploadId', false, 'AbortMultipartUpload'],
  ['DELETE', '', false, 'DeleteObject'],
  ['POST', 'uploads', false, 'CreateMultipartUpload'],
  ['POST', 'uploadId', false, 'CompleteMultipartUpload'],
  ['PUT', 'uploadId', true, 'UploadPartCopy'],
  ['PUT', 'annotation', false, 'PutObjectAnnotation'],
  ['PUT', '', true, 'CopyObject'],
  ['PUT', '', false, 'PutObject'],
];

async function parse(request: IncomingMessage): Promise<Operation> {
  const { method, url = '', headers } = request;
  // Not through URL, which would resolve the `..` that a key may hold.
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  const header = (name: string) => headers[name] as string | undefined;
  const copies = header('x-amz-copy-source') !== undefined;
  const [, , , name = 'Unknown'] =
    OPERATIONS.find(
      ([verb, parameter, copying]) =>
        verb === method && copying === copies && (parameter === '' || parameters.has(parameter)),
    ) ?? [];

  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk as string;

  const kept = Object.entries(HEADERS).map(([field, named]) => [field, header(named)] as const);
  return {
    name,
    input: {
      ...(Object.fromEntries(kept) as Record<string, string | undefined>),
      Key: decodeURIComponent(path.slice(path.indexOf('/', 1) + 1)),
      Body: body,
      Metadata: metadataOf(headers),
      Tagging: header('x-amz-tagging'),
      CopySource: header('x-amz-copy-source'),
      CopySourceIfMatch: header('x-amz-copy-source-if-match'),
      CopySourceRange: header('x-amz-copy-source-range'),
      IfMatch: header('if-match'),
      IfNoneMatch: header('if-none-match'),
      AnnotationName: parameters.get('annotationName'),
      AnnotationPayload: payloadOf(body, headers),
      ContinuationToken: parameters.get('continuation-token') ?? undefined,
      ObjectIfMatch: header('x-amz-object-if-match'),
      UploadId: parameters.get('uploadId'),
      PartNumber: parameters.get('partNumber'),
      MultipartUpload: {
        Parts: [...body.matchAll(/<ETag>(.*?)<\/ETag>/g)].map(([, etag = '']) => ({
          ETag: etag.replaceAll('&quot;', ''),
        })),
      },
    },
  };
}

/** The SDK sends a payload in chunks, with a checksum behind it: `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:…`. */
function payloadOf(body: string, headers: IncomingMessage['headers']): Buffer {
  const chunked = headers['content-encoding'] === 'aws-chunked';
  return Buffer.from(chunked ? body.replace(/^[0-9a-f]+\r\n/, '').replace(/\r\n0\r\n[^]*$/, '') : body);
}

function metadataOf(headers: IncomingMessage['headers']): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(named.map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]));
}

function send({ name }: Operation, response: ServerResponse, output: Output): void {
  if (name === 'HeadObject' || name === 'GetObject') {
    const {
      ETag,
      ContentLength,
      ChecksumCRC64NVME,
      ChecksumType,
      TagCount,
      ExpiresString,
      Metadata,
      content,
    } = output;
    const headers: Record<string, unknown> = {
      etag: ETag,
      'content-length': ContentLength,
      'x-amz-checksum-crc64nvme': ChecksumCRC64NVME,
      'x-amz-checksum-type': ChecksumType,
      'x-amz-tagging-count': TagCount,
      expires: ExpiresString,
    };
    for (const [field, header] of Object.entries(HEADERS)) headers[header] = output[field];
    for (const [meta, value] of Object.entries(Metadata as object)) headers[`x-amz-meta-${meta}`] = value;
    for (const [header, value] of Object.entries(headers)) {
      if (value !== undefined) response.setHeader(header, value as string | number);
    }
    response.end(name === 'GetObject' ? content : undefined);
  } else if (name === 'GetObjectAnnotation') {
    response.setHeader('x-amz-object-version-id', output.ObjectVersionId as string);
    void (output.AnnotationPayload as { transformToByteArray(): Promise<Buffer> })
      .transformToByteArray()
      .then((payload) => response.end(payload));
  } else if (name === 'PutObjectAnnotation') {
    response.setHeader('etag', output.ETag as string).end();
  } else if (name === 'DeleteObject' || name === 'AbortMultipartUpload') {
    response.writeHead(204).end();
  } else {
    const { ETag, UploadId, TagSet, Annotations, NextContinuationToken } = output;
    const { CopyObjectResult, CopyPartResult } = output;
    response.setHeader('content-type', 'application/xml');
    if (name === 'ListObjectAnnotations') {
      response.setHeader('x-amz-object-version-id', output.ObjectVersionId as string);
    }
    response.end(
      `<Result>${xml(CopyObjectResult ?? CopyPartResult ?? { ETag, UploadId, TagSet, Annotations, NextContinuationToken })}</Result>`,
    );
  }
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const s3 = error instanceof S3ModelError ? error : new S3ModelError(500, `FakeFailed: ${String(error)}`);
  response.writeHead(s3.status, { 'content-type': 'application/xml' });
  const fields = { Code: s3.code, Message: s3.message, Condition: s3.condition };
  response.end(request.method === 'HEAD' ? undefined : `<Error>${xml(fields)}</Error>`);
}

/** The elements of S3's lists. */
const ITEMS: Readonly<Record<string, string>> = { TagSet: 'Tag', Annotations: 'AnnotationEntry' };

function xml(value: unknown, item = ''): string {
  if (Array.isArray(value)) return value.map((one) => `<${item}>${xml(one)}</${item}>`).join('');
  if (typeof value !== 'object' || value === null) return escape(`${value as string | number}`);
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `<${name}>${xml(inner, ITEMS[name])}</${name}>`)
    .join('');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
