import { moverOf } from './mover';
import { processUpload } from './process';

/** Moves uploads after the step of process.ts. A second pipeline has a handler like this of its own: docs/extending.md. */
export const handler = moverOf('process-upload', processUpload);
