import { PassThrough } from 'node:stream';
import { buildErrors } from '../../../../tools/local/dev/builders';
import { readCommands } from '../../../../tools/local/dev/commands';
import { dev } from '../../../../tools/local/dev';

// Modules of another kind, which jest does not load.
jest.mock('../../../../tools/build/bundle.mjs', () => ({}));

it('npm run dev refuses another environment than the local one, before it starts anything', async () => {
  const output = { write: jest.fn() };
  const signal = new AbortController().signal;

  await expect(
    dev({ root: '/nowhere', env: { PIPELINE_ENV: 'prod' }, output, inspected: false, signal }),
  ).rejects.toThrow('PIPELINE_ENV: got "prod"; `npm run dev` changes functions on the local engine only.');
  expect(output.write).not.toHaveBeenCalled();
});

it('a build error has file, line and column, as editors count', () => {
  const location = { file: 'handlers/process-upload/process.ts', line: 3, column: 4 };

  expect(buildErrors({ errors: [{ text: 'Expected ";"', location }, { text: 'lost' }] })).toEqual([
    'handlers/process-upload/process.ts:3:5: Expected ";"',
    'lost',
  ]);
  expect(buildErrors(new Error('other'))).toEqual(['other']);
});

it('without a terminal, commands are words or letters on lines', async () => {
  const input = new PassThrough();
  const commands: string[] = [];
  const end = readCommands(input as unknown as NodeJS.ReadStream, (command) => commands.push(command));
  input.write('upload\nf\nnonsense\nquit\n');
  await new Promise(setImmediate);
  end();

  expect(commands).toEqual(['u', 'f', 'q']);
});
