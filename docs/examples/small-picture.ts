import { buffer } from 'node:stream/consumers';
import { PermanentError } from '../../handlers/process-upload/errors';
import type { ProcessUpload } from '../../handlers/process-upload/process-upload';

export interface Pictures {
  /** Makes a picture small; rejects where it is none. */
  readonly shrink: (picture: Buffer) => Promise<Buffer>;
  readonly put: (key: string, picture: Buffer, signal: AbortSignal) => Promise<void>;
}

/** A step that keeps a small copy of every picture. */
export const smallPicture =
  ({ shrink, put }: Pictures): ProcessUpload =>
  async ({ key, etag, size, open }, { signal, log }) => {
    if (!/\.(jpe?g|png)$/iu.test(key)) return;
    // All of it is held in memory: more than the function has must not be tried.
    if (size > 20_000_000) throw new PermanentError(`${size} bytes are too much for one picture`);
    const picture = await buffer((await open()).body);
    const small = await shrink(picture).catch((error: unknown) => {
      throw new PermanentError('It is no picture', 'Upload it again.', { cause: error });
    });
    // Named by the ETag: another attempt writes the same again, and a newer upload has a name of its own.
    await put(`small/${etag}.webp`, small, signal);
    log.info('small', { from: picture.length, to: small.length });
  };
