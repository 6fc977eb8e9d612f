import { SettingsError } from '../../../config/environments';
import { parseOptions, runTool } from '../../../tools/lib/command';
import { ToolError, UsageError } from '../../../tools/lib/errors';

const options = { help: { type: 'boolean' } } as const;

describe('parseOptions', () => {
  it('reads options', () => {
    expect(parseOptions({ args: ['--help'], options }).values).toEqual({ help: true });
  });

  it.each([
    ['an unknown option', '--bogus'],
    ['a stray argument', 'bogus'],
    ['a value where none belongs', '--help=no'],
  ])('refuses %s as wrong usage', (_, arg) => {
    expect(() => parseOptions({ args: [arg], options })).toThrow(UsageError);
  });
});

describe('an option that npm has taken', () => {
  const { env } = process;
  afterEach(() => {
    process.env = env;
  });

  it.each([
    ['dry-run', { npm_config_dry_run: 'true' }],
    ['env', { npm_config_env: 'prod' }],
  ])('is refused, for without --%s the command would do something else', (name, taken) => {
    process.env = { npm_lifecycle_event: 'redrive', ...taken };

    expect(() => parseOptions({ args: [], options: { [name]: { type: 'string' } } })).toThrow(
      `npm took --${name} for an option of its own. Write two hyphens before the options: npm run redrive -- --${name} …`,
    );
  });

  it('is not suspected outside of npm, nor where npm sets it by itself', () => {
    process.env = { npm_config_dry_run: 'true' };
    expect(() => parseOptions({ args: [], options: { 'dry-run': { type: 'boolean' } } })).not.toThrow();
    process.env = { npm_lifecycle_event: 'redrive', npm_config_yes: 'true' };
    expect(() => parseOptions({ args: [], options: { yes: { type: 'boolean' } } })).not.toThrow();
  });
});

describe('runTool', () => {
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  afterEach(() => {
    printed.mockClear();
    process.exitCode = undefined;
  });

  const outcome = async (main: () => Promise<number>): Promise<[typeof process.exitCode, unknown]> => {
    await runTool(main);
    return [process.exitCode, printed.mock.lastCall?.[0]];
  };

  it('ends with the exit code of the tool', async () => {
    expect(await outcome(() => Promise.resolve(7))).toEqual([7, undefined]);
  });

  it('ends with 2 and the message for wrong usage', async () => {
    expect(await outcome(() => Promise.reject(new UsageError('Which command?')))).toEqual([
      2,
      'Which command?',
    ]);
  });

  it('ends with 1 and the message for what a person can mend', async () => {
    expect(await outcome(() => Promise.reject(new ToolError('Port in use.')))).toEqual([1, 'Port in use.']);
  });

  it('ends with 1 and the message for wrong settings', async () => {
    const wrong = new SettingsError('PIPELINE_ENV: got "nope"');

    expect(await outcome(() => Promise.reject(wrong))).toEqual([1, 'PIPELINE_ENV: got "nope"']);
  });

  it('ends with 1 and one sentence for what lies between a person and AWS', async () => {
    const expired = Object.assign(new Error('expired'), { name: 'ExpiredTokenException' });

    expect(await outcome(() => Promise.reject(expired))).toEqual([
      1,
      'The AWS credentials have expired. Sign in again, for example with `aws sso login`.',
    ]);
  });

  it('ends with 1 and the whole error for a defect', async () => {
    const defect = new TypeError('undefined is not a function');

    expect(await outcome(() => Promise.reject(defect))).toEqual([1, defect]);
  });
});
