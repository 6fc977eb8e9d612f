import type { ProcessUpload } from './process-upload';

/** Replace this with your own step. */
export const processUpload: ProcessUpload = ({ bucket, key, size }, { log }) => {
  log.info('Processing an upload', { bucket, key, size });
};
