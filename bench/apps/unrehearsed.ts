import { moverOf } from '../../handlers/process-upload/mover';
import { processUpload } from '../../handlers/process-upload/process';

/** `process-upload` without the rehearsal at init. */
export const handler = moverOf('process-upload', processUpload, { rehearsal: false });
