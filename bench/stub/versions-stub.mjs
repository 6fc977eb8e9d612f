// @ts-check
// A versioned bucket that only lists: UPLOADS objects were uploaded and moved, one after another, each within a second.
// So `uploads/` holds a version and a delete marker of each, and `processed/` a version. Prints its port.
import { createServer } from 'node:http';

const uploads = Number(process.argv[2]);
const START = Date.UTC(2026, 0, 1);
const PAGE = 1_000;

/** @param {number} i */
const name = (i) => String(i).padStart(9, '0');
/** @param {number} i */
const etag = (i) => i.toString(16).padStart(32, '0');
/** @param {number} i @param {number} second */
const time = (i, second) => new Date(START + (i * 3 + second) * 1_000).toISOString();

/** @param {string} key @param {number} i @param {boolean} isLatest @param {number} second */
const version = (key, i, isLatest, second) =>
  `<Version><Key>${key}</Key><VersionId>v${i}</VersionId><IsLatest>${isLatest}</IsLatest>` +
  `<LastModified>${time(i, second)}</LastModified><ETag>&quot;${etag(i)}&quot;</ETag><Size>1024</Size>` +
  '<StorageClass>STANDARD</StorageClass></Version>';
/** @param {string} key @param {number} i */
const marker = (key, i) =>
  `<DeleteMarker><Key>${key}</Key><VersionId>m${i}</VersionId><IsLatest>true</IsLatest>` +
  `<LastModified>${time(i, 2)}</LastModified></DeleteMarker>`;

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const prefix = searchParams.get('prefix') ?? '';
  const after = searchParams.get('key-marker');
  const from = after === null ? 0 : Number(after.slice(prefix.length)) + 1;
  const to = Math.min(uploads, from + (prefix === 'uploads/' ? PAGE / 2 : PAGE));
  const entries = [];
  for (let i = from; i < to; i += 1) {
    const key = prefix + name(i);
    if (prefix === 'uploads/') entries.push(marker(key, i), version(key, i, false, 0));
    else entries.push(version(key, i, true, 1));
  }
  const more = to < uploads;
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    '<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      `<EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>` +
      (more
        ? `<NextKeyMarker>${prefix}${name(to - 1)}</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>`
        : '') +
      `${entries.join('')}</ListVersionsResult>`,
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(address?.port);
});
