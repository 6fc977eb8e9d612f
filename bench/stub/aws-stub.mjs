// @ts-check
// An S3 and a Lambda that only answer: every copy, delete and call succeeds, after a delay if one is set. They keep
// no data, so that the measurement shows the caller. Run as a process of its own: prints the ports of HTTP and HTTPS.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

const COPIED = `<?xml version="1.0" encoding="UTF-8"?>
<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag></CopyObjectResult>`;

/** What has come in since the last reset; `guarded` are those that hold only for the version that was seen. */
const none = () => ({ copies: 0, guardedCopies: 0, deletes: 0, guardedDeletes: 0, others: 0 });

/**
 * @param {{ copyMs?: number, deleteMs?: number }} [delays]
 * @returns {import('node:http').RequestListener}
 */
export function awsStub({ copyMs = 0, deleteMs = 0 } = {}) {
  let counts = none();

  return (request, response) => {
    // A request has to be read to its end before its connection is used again.
    request.resume();
    const { method, url = '', headers } = request;
    if (url === '/_counts') {
      response.end(JSON.stringify(counts));
      counts = none();
    } else if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) {
      counts.copies += 1;
      if (headers['x-amz-copy-source-if-match'] && (headers['if-none-match'] ?? headers['if-match'])) {
        counts.guardedCopies += 1;
      }
      after(copyMs, () => {
        response.writeHead(200, { 'content-type': 'application/xml', 'content-length': COPIED.length });
        response.end(COPIED);
      });
    } else if (method === 'POST' && url.endsWith('/invocations')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":42}');
    } else if (method === 'DELETE') {
      counts.deletes += 1;
      if (headers['if-match']) counts.guardedDeletes += 1;
      after(deleteMs, () => response.writeHead(204).end());
    } else {
      // Nothing that a move of an ordinary object may need.
      counts.others += 1;
      response.writeHead(501).end();
    }
  };
}

/**
 * @param {number} milliseconds
 * @param {() => void} answer
 */
function after(milliseconds, answer) {
  if (milliseconds === 0) answer();
  else setTimeout(answer, milliseconds);
}

if (process.argv[1] === import.meta.filename) {
  const [copyMs, deleteMs] = process.argv.slice(2).map(Number);
  const { STUB_CERTIFICATE: cert, STUB_KEY: key } = process.env;
  const listener = awsStub({ copyMs, deleteMs });
  const ports = await Promise.all(
    [createServer(listener), createSecureServer({ cert, key }, listener)].map(async (server) => {
      server.keepAliveTimeout = 60_000;
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const address = server.address();
      return typeof address === 'object' ? address?.port : undefined;
    }),
  );
  console.log(JSON.stringify(ports));
}
