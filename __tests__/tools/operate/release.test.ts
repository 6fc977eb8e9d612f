import { main } from '../../../tools/operate/release';
import { runMain } from '../../support/tool';

/** Runs `npm run release` where no account can be reached. */
const release = (...args: string[]) =>
  runMain(main, args, { PIPELINE_ENV: 'dev', AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nowhere' });

describe('npm run release', () => {
  it('tells how it is used', async () => {
    await expect(release('--help')).resolves.toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npm run release -- rollback') as string,
    });
  });

  it.each([
    [[], 'Expected status, promote or rollback; got nothing.'],
    [['undo'], 'Expected status, promote or rollback; got undo.'],
    [['promote', 'now'], 'got promote now.'],
    [['promote', '--weight', '1'], '--weight: got "1"; expected a share of more than 0 and less than 1.'],
    [['promote', '--weight', ''], '--weight: got "";'],
    [['rollback', '--weight', '0.1'], '--weight goes with promote, not with rollback.'],
    [['promote', '--version', 'x'], '--version: got "x"; expected an integer from 1'],
    [['promote', '--watch', '15'], '--watch: got "15"; expected a number with s, m, h or d'],
    [['promote', '--wait', '15m'], "'--wait'"],
  ])('refuses %j', async (args, message) => {
    await expect(release(...args)).resolves.toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });

  it('reaches for the account once the command line is right', async () => {
    await expect(release('status')).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/credentials/iu) as string,
    });
  });
});
