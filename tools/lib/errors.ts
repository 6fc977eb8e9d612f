/** A wrong command line: the message is all that is printed, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that the person at the terminal can mend: the message says how, no stack is printed, exit code 1. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** An error's message, whatever was thrown. */
export const messageOf = (error: unknown): string => {
  const message = property(error, 'message');
  return typeof message === 'string' ? message : String(error);
};

/** The code of a system error (`ENOENT`, `EADDRINUSE`, …), if it is one. */
export const codeOf = (error: unknown): string | undefined => {
  const code = property(error, 'code');
  return typeof code === 'string' ? code : undefined;
};

/** By shape, not by class: an error of Node.js's own is no instance of this realm's `Error` under a test runner. */
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
