/** A wrong command line: only the message is printed; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A problem that the user can fix: the message says how; no stack is printed; exit code 1. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** The message of a thrown value of any type. */
export const messageOf = (error: unknown): string => {
  const message = property(error, 'message');
  return typeof message === 'string' ? message : String(error);
};

/** The code of a system error (`ENOENT`, `EADDRINUSE`, …), if it is one. */
export const codeOf = (error: unknown): string | undefined => {
  const code = property(error, 'code');
  return typeof code === 'string' ? code : undefined;
};

/** Checks the shape, not the class: under a test runner, errors of Node.js have another realm's `Error`. */
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
