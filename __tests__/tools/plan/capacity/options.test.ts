import { parseSettings } from '../../../../config/environments';
import { readOptions } from '../../../../tools/plan/capacity/options';

const SETTINGS = parseSettings(
  {
    namePrefix: 'test',
    region: 'eu-central-1',
    functions: { architecture: 'x86_64' },
    processUpload: {
      memorySizeMb: 1024,
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 600,
      reservedConcurrentExecutions: 7,
    },
  },
  'test',
);

const read = (...args: string[]) => readOptions(args, () => SETTINGS);

describe('the options of npm run capacity', () => {
  it('are those of the settings where they are left out', () => {
    expect(read()).toMatchObject({
      region: 'eu-central-1',
      architecture: 'x86_64',
      memorySizeMb: 1024,
      retries: 1,
      maxAgeSeconds: 600,
      reserved: 7,
    });
  });

  it('outweigh the settings', () => {
    expect(read('--memory', '256', '--retries', '0', '--max-age', '90s', '--reserved', '3')).toMatchObject({
      memorySizeMb: 256,
      retries: 0,
      maxAgeSeconds: 90,
      reserved: 3,
    });
    expect(read('--arch', 'arm64', '--region', 'us-east-1', '--reserved', 'none')).toMatchObject({
      architecture: 'arm64',
      region: 'us-east-1',
      reserved: undefined,
    });
  });

  it('take the prices of us-east-1 for a region without prices', () => {
    const elsewhere = parseSettings({ namePrefix: 'test', region: 'eu-west-3' }, 'test');
    expect(readOptions([], () => elsewhere)).toMatchObject({ region: 'us-east-1' });
  });

  it('need no settings for the help', () => {
    const broken = () => {
      throw new Error('no settings');
    };
    expect(readOptions(['--help'], broken)).toBeUndefined();
  });
});
