import { readEnvironment } from '../../../handlers/invoked/environment';

const GUARDED = {
  LOG_LEVEL: 'INFO',
  IDEMPOTENCY_TABLE_NAME: 'jobs-done',
  IDEMPOTENCY_EXPIRES_AFTER_HOURS: '24',
};

describe('the environment of invoked', () => {
  it('has no guard where it names no table', () => {
    expect(readEnvironment({ LOG_LEVEL: 'WARN', IDEMPOTENCY_EXPIRES_AFTER_HOURS: '24' })).toEqual({
      logLevel: 'WARN',
    });
  });

  it('has one where it does', () => {
    expect(readEnvironment(GUARDED)).toEqual({
      logLevel: 'INFO',
      guard: { tableName: 'jobs-done', expiresAfterHours: 24 },
    });
  });

  it.each([
    [{ LOG_LEVEL: 'LOUD' }, 'LOG_LEVEL: got "LOUD"; expected one of DEBUG, INFO, WARN, ERROR'],
    [{ IDEMPOTENCY_TABLE_NAME: '' }, 'IDEMPOTENCY_TABLE_NAME: got ""; expected the name of a table'],
    [
      { IDEMPOTENCY_EXPIRES_AFTER_HOURS: '0' },
      'IDEMPOTENCY_EXPIRES_AFTER_HOURS: got "0"; expected a number of hours, 1 or more',
    ],
    [
      { IDEMPOTENCY_EXPIRES_AFTER_HOURS: undefined },
      'IDEMPOTENCY_EXPIRES_AFTER_HOURS: got nothing; expected a number of hours, 1 or more',
    ],
  ])('refuses %j', (wrong, message) => {
    expect(() => readEnvironment({ ...GUARDED, ...wrong })).toThrow(message);
  });
});
