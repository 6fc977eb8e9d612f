import type { z } from 'zod';

/** Refuses a value that is wrong only together with others, and says why. */
export type Refuse = (path: string, input: unknown, why: string) => void;

/** @param context zod's, of a refinement */
export const refuseIn =
  (context: z.core.$RefinementCtx): Refuse =>
  (path, input, message) => {
    context.addIssue({ code: 'custom', path: path.split('.'), input, message });
  };
