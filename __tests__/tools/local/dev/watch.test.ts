import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watchSources, type Kind, type Watching } from '../../../../tools/local/dev/watch';

let root: string;
let watching: Watching;
let next: Promise<[Kind, readonly string[]]>;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'watch-')));
  mkdirSync(path.join(root, 'handlers/a/lazy'), { recursive: true });
  mkdirSync(path.join(root, 'config'));
  writeFileSync(path.join(root, 'main.ts'), '');
  writeFileSync(path.join(root, 'handlers/a/index.ts'), '');
  next = new Promise((resolve) => {
    watching = watchSources(root, (kind, files) => {
      resolve([kind, files]);
    });
  });
});
afterEach(() => {
  watching.close();
  rmSync(root, { recursive: true });
});

/** Makes a change again and again until it is reported: folders below are watched a moment later. */
async function reported(change: () => void): Promise<[Kind, readonly string[]]> {
  const timer = setInterval(change, 2_000);
  change();
  try {
    return await next;
  } finally {
    clearInterval(timer);
  }
}

describe('watching the sources', () => {
  it.each<[string, Kind]>([
    ['handlers/a/index.ts', 'handlers'],
    ['config/settings.ts', 'stack'],
    ['main.ts', 'stack'],
  ])('reports %s as a change of %s', async (file, kind) => {
    const change = () => {
      writeFileSync(path.join(root, file), 'changed');
    };

    await expect(reported(change)).resolves.toEqual([kind, [file]]);
  });

  it('sees a file that an editor puts in the place of another', async () => {
    const change = () => {
      writeFileSync(path.join(root, 'new.tmp'), 'changed');
      renameSync(path.join(root, 'new.tmp'), path.join(root, 'handlers/a/index.ts'));
    };

    await expect(reported(change)).resolves.toEqual(['handlers', ['handlers/a/index.ts']]);
  });

  it('takes what changes at once as one change, and nothing but sources', async () => {
    const change = () => {
      for (const file of ['README.md', 'other.ts', 'index.ts'])
        writeFileSync(path.join(root, 'handlers/a', file), 'x');
    };

    await expect(reported(change)).resolves.toEqual([
      'handlers',
      ['handlers/a/index.ts', 'handlers/a/other.ts'],
    ]);
  });
});
