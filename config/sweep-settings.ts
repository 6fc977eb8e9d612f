import { z } from 'zod';
import { about, logLevelOf, number } from './about';

/** The function that looks for uploads which no event announced. */
export const sweep = z.strictObject({
  enabled: about(z.boolean().default(true), {
    description: 'Looks for uploads that were left behind and announces them to process-upload again.',
    allowed: 'true or false',
  }),
  everyMinutes: number(1, 1440, 60, { description: 'How often it looks.', unit: 'minutes' }),
  olderThanMinutes: number(1, 10_080, 15, {
    description: 'Uploads younger than this are left alone: their event is probably on its way.',
    unit: 'minutes',
  }),
  maximumPerSecond: number(1, 500, 50, {
    description: 'How many uploads it announces at most.',
    unit: 'uploads a second',
  }),
  memorySizeMb: number(128, 10_240, 256, {
    description: 'Memory of the sweep, which also sets its share of CPU.',
    unit: 'MB',
  }),
  timeoutSeconds: number(30, 900, 300, {
    description: 'How long one run may take; what is left then, the next run goes on with.',
    unit: 'seconds',
  }),
  logLevel: logLevelOf('sweep'),
});
