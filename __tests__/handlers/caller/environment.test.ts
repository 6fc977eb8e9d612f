import { readEnvironment as readCaller } from '../../../handlers/caller/environment';
import { readEnvironment as readInvoked } from '../../../handlers/invoked/environment';

describe('the environment of caller', () => {
  it('names the function to call', () => {
    expect(readCaller({ INVOKED_FUNCTION_NAME: 'test-invoked', LOG_LEVEL: 'DEBUG' })).toEqual({
      invokedFunctionName: 'test-invoked',
      logLevel: 'DEBUG',
    });
  });

  it('names every variable that is wrong at once', () => {
    expect(() => readCaller({ INVOKED_FUNCTION_NAME: '', LOG_LEVEL: 'TRACE' })).toThrow(
      'Wrong environment variables:\n' +
        'INVOKED_FUNCTION_NAME: got ""; expected the name of a function, which `grantInvoke` sets\n' +
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
