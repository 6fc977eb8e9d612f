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

  it('ends with 1 and the whole error for a defect', async () => {
    const defect = new TypeError('undefined is not a function');

    expect(await outcome(() => Promise.reject(defect))).toEqual([1, defect]);
  });
});
