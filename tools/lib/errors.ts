/** A wrong command line: the message is all that is printed, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that the person at the terminal can mend: the message says how, no stack is printed, exit code 1. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** An error's message, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a system error (`ENOENT`, `EADDRINUSE`, …), if it is one. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
