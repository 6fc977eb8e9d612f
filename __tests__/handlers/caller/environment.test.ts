import { readEnvironment as readCaller } from '../../../handlers/caller/environment';
import { MAX_KEPT_BYTES } from '../../../handlers/shared/failure-record';
import { readEnvironment as readInvoked } from '../../../handlers/invoked/environment';

describe('the environment of caller', () => {
  it('names the function to call', () => {
    expect(
      readCaller({
        INVOKED_FUNCTION_NAME: 'test-invoked',
        FAILURE_MESSAGE_BYTES: '1048576',
        LOG_LEVEL: 'DEBUG',
      }),
    ).toEqual({ invokedFunctionName: 'test-invoked', maxEventBytes: MAX_KEPT_BYTES, logLevel: 'DEBUG' });
  });

  it('names every variable that is wrong at once', () => {
    expect(() =>
      readCaller({ INVOKED_FUNCTION_NAME: '', FAILURE_MESSAGE_BYTES: '16384', LOG_LEVEL: 'TRACE' }),
    ).toThrow(
      'Wrong environment variables:\n' +
        'INVOKED_FUNCTION_NAME: got ""; expected the name of a function, which `grantInvoke` sets\n' +
        'FAILURE_MESSAGE_BYTES: got "16384"; expected a number of bytes\n' +
        'LOG_LEVEL: got "TRACE"; expected one of DEBUG, INFO, WARN, ERROR',
    );
  });
});

describe('the environment of invoked', () => {
  it('has a log level of its own', () => {
    expect(readInvoked({ LOG_LEVEL: 'ERROR' })).toEqual({ logLevel: 'ERROR' });
  });

  it('is refused without one', () => {
    expect(() => readInvoked({})).toThrow('LOG_LEVEL: got nothing; expected one of DEBUG, INFO, WARN, ERROR');
  });
});
