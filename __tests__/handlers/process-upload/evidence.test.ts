import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../../handlers/process-upload/object-store';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { s3ClientConfig } from '../../../handlers/shared/s3-client';
import { BUCKET } from '../../support/events';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Answers = Readonly<Record<string, Answer>>;

const LARGE = 6 * 1024 ** 3;

/** What S3 answers when all is well, by `METHOD` and the query parameter that tells operations apart. */
const WELL: Answers = {
  HEAD: { headers: { etag: '"e1"', 'content-length': String(LARGE) } },
  'HEAD processed': { status: 404 },
  GET: { headers: { etag: '"e1"' }, body: 'x' },
  PUT: { body: '<CopyObjectResult><ETag>"e1"</ETag></CopyObjectResult>' },
  DELETE: { status: 204 },
  'POST uploads': {
    body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
  },
  'PUT partNumber': { body: '<CopyPartResult><ETag>"p"</ETag></CopyPartResult>' },
  'POST uploadId': {
    body: '<CompleteMultipartUploadResult><ETag>"e1-21"</ETag></CompleteMultipartUploadResult>',
  },
  'DELETE uploadId': { status: 204 },
  'GET annotation': {
    body: `<ListObjectAnnotationsResult><Annotations>
      <AnnotationEntry><AnnotationName>scan</AnnotationName></AnnotationEntry>
    </Annotations></ListObjectAnnotationsResult>`,
  },
  'GET annotationName': { body: '{}' },
  'PUT annotationName': { headers: { etag: '"a1"' } },
};

/** The real SDK in front of a server that gives these answers instead of S3's own. */
async function withAnswers<Result>(
  unusual: Answers,
  use: (store: ObjectStore, requests: string[]) => Promise<Result>,
): Promise<Result> {
  const answers = { ...WELL, ...unusual };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const name = nameOf(request);
    requests.push(name);
    const { status = 200, headers = {}, body } = answers[name] ?? {};
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new S3Client({
    ...s3ClientConfig({}),
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  try {
    const { signal } = new AbortController();
    return await use(s3Store({ client, bucket: BUCKET, signal }), requests);
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
}

function nameOf({ method = '', url = '' }: IncomingMessage): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  const told = ['uploads', 'partNumber', 'uploadId', 'annotationName', 'annotation'].find((name) =>
    parameters.has(name),
  );
  if (told !== undefined) return `${method} ${told}`;
  return method === 'HEAD' && path.includes('/processed/') ? 'HEAD processed' : method;
}

const small = {
  from: 'uploads/a',
  version: { etag: 'e1', size: 1 },
  to: 'processed/a',
  replacing: undefined,
};
const large = { ...small, version: { etag: 'e1', size: LARGE } };

/** Bodies of a 200 that does not say what was written. */
const NO_EVIDENCE: readonly (readonly [what: string, body: string])[] = [
  ['an error and a newline', '<Error><Code>InternalError</Code><Message>We failed</Message></Error>\n'],
  ['a page of HTML', '<!DOCTYPE html><html><body>Sign in to the Wi-Fi</body></html>'],
  ['a result without an ETag', '<CopyObjectResult></CopyObjectResult>'],
  ['an ETag of quotes alone', '<CopyObjectResult><ETag>""</ETag></CopyObjectResult>'],
  ['nothing', ''],
];

const tryAgain = { name: 'RetryableError' };

describe('a copy is believed only with the ETag of what was written', () => {
  test('which S3 gives when all is well', async () => {
    await expect(withAnswers({}, (store) => store.copy(small))).resolves.toBe('copied');
    await expect(withAnswers({}, (store) => store.copy(large))).resolves.toBe('copied');
  });

  test.each(NO_EVIDENCE)('CopyObject: 200 with %s', async (_what, body) => {
    await expect(withAnswers({ PUT: { body } }, (store) => store.copy(small))).rejects.toMatchObject(
      tryAgain,
    );
  });

  test.each(NO_EVIDENCE)('UploadPartCopy: 200 with %s', async (_what, body) => {
    await withAnswers({ 'PUT partNumber': { body } }, async (store, requests) => {
      await expect(store.copy(large)).rejects.toMatchObject(tryAgain);
      expect(requests).not.toContain('POST uploadId');
      expect(requests).toContain('DELETE uploadId');
    });
  });

  test.each(NO_EVIDENCE)('CompleteMultipartUpload: 200 with %s', async (_what, body) => {
    await expect(
      withAnswers({ 'POST uploadId': { body } }, (store) => store.copy(large)),
    ).rejects.toMatchObject(tryAgain);
  });

  test('an annotation is written with the ETag of what was written', async () => {
    await withAnswers({ 'PUT annotationName': { body: '<html></html>' } }, async (store) => {
      await expect(store.copy(large)).rejects.toMatchObject({
        ...tryAgain,
        message: expect.stringContaining('write the annotation scan to processed/a') as string,
      });
    });
  });

  test('and parts are not copied without the id of their upload', async () => {
    await withAnswers({ 'POST uploads': { body: '' } }, async (store, requests) => {
      await expect(store.copy(large)).rejects.toMatchObject(tryAgain);
      expect(requests).not.toContain('PUT partNumber');
    });
  });

  test('the error says what is missing, and of which copy', async () => {
    await expect(
      withAnswers({ PUT: { body: '<CopyObjectResult/>' } }, (store) => store.copy(small)),
    ).rejects.toThrow('S3 answered 200 to "copy it to processed/a", but without an ETag');
  });
});

describe('the same holds for every other answer that decides', () => {
  test('HEAD without an ETag says nothing about an object', async () => {
    await expect(
      withAnswers({ HEAD: { headers: { 'content-length': '1' } } }, (store) => store.head('uploads/a')),
    ).rejects.toMatchObject(tryAgain);
  });

  test('GET opens only the version that was asked for', async () => {
    const page = { body: '<html>Sign in</html>' };
    await expect(withAnswers({ GET: page }, (store) => store.open('uploads/a', 'e1'))).rejects.toMatchObject(
      tryAgain,
    );
    await expect(
      withAnswers({ GET: { ...page, headers: { etag: '"e2"' } } }, (store) => store.open('uploads/a', 'e1')),
    ).resolves.toBe('changed');
  });

  test('a 404 that does not say what is missing is asked about: the upload may be there', async () => {
    const missing = { PUT: { status: 404 } };
    await expect(withAnswers(missing, (store) => store.copy(small))).resolves.toBe('destinationChanged');
    await expect(
      withAnswers({ ...missing, HEAD: { status: 404 } }, (store) => store.copy(small)),
    ).resolves.toBe('sourceGone');
    await expect(
      withAnswers({ 'PUT partNumber': { status: 404 } }, (store) => store.copy(large)),
    ).rejects.toMatchObject(tryAgain);
  });

  test('DELETE is done with 204', async () => {
    await expect(withAnswers({}, (store) => store.remove('uploads/a', 'e1'))).resolves.toBe('removed');
    await expect(
      withAnswers({ DELETE: { status: 200, body: '<html></html>' } }, (store) =>
        store.remove('uploads/a', 'e1'),
      ),
    ).rejects.toMatchObject(tryAgain);
  });
});

test.each([
  ['403', { HEAD: { status: 403 } }],
  ['503', { HEAD: { status: 503 } }],
])('HEAD refused says the status, %s: its answer has no body that could say why', async (status, answers) => {
  await expect(withAnswers(answers, (store) => store.head('uploads/a'))).rejects.toThrow(
    `S3 refused to look at uploads/a: HTTP ${status}, and an answer without a body does not say why`,
  );
});
