import { createInterface } from 'node:readline';
import { PermanentError } from '../../handlers/process-upload/errors';
import type { ProcessUpload } from '../../handlers/process-upload/process-upload';

export const processUpload: ProcessUpload = async ({ key, open }, { signal, log }) => {
  if (!key.endsWith('.csv')) return; // returning: nothing against it, move it
  const { body } = await open(); // one GetObject, of exactly this version
  for await (const header of createInterface({ input: body, signal })) {
    log.info('header', { columns: header.split(',').length });
    return; // what is left of the body is not read
  }
  // Trying again cannot help: the record in the failure queue says so.
  throw new PermanentError('The file is empty', 'Upload it again with a header line.');
};
