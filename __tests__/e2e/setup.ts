// Only for what hangs: beside twenty programs, a deployment takes ten times as long as alone.
jest.setTimeout(30 * 60_000);
