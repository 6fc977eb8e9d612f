/** How S3 wants on the wire what is plain everywhere else. */

/** A CopySource: the key percent-encoded segment by segment, its slashes kept. */
export const copySource = (bucket: string, key: string): string =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

export const quoted = (etag: string): string => `"${etag}"`;

export const unquoted = (etag: string | undefined): string => etag?.replaceAll('"', '') ?? '';
