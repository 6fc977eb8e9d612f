import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One end-to-end test file and one of the quickest unit test files. */
const FILES = ['__tests__/e2e/pipeline.test.ts', '__tests__/e2e/upgrade.test.ts', '__tests__/help.test.ts'];

interface Results {
  readonly numFailedTestSuites: number;
  readonly numPassedTestSuites: number;
  readonly testResults: readonly { readonly status: string; readonly message: string }[];
}

describe.each(['test', 'test:unit', 'test:e2e'])('npm run %s', (script) => {
  it('runs the files that it is given, and no others', () => {
    const files = FILES.filter(
      (file) => script === 'test' || file.includes('e2e') === script.endsWith('e2e'),
    );
    const { stdout } = spawnSync('npm', ['run', '--silent', script, '--', ...files, '--listTests'], {
      encoding: 'utf8',
    });

    const listed = stdout.split('\n').filter((line) => path.isAbsolute(line));
    expect(listed.sort()).toEqual(files.map((file) => path.resolve(file)).sort());
  });
});

describe('end-to-end tests on a machine without what they need', () => {
  it('fail once, with one message, and unit tests run all the same', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'no-provider-'));
    const output = path.join(folder, 'results.json');
    const options = ['--json', '--outputFile', output, '--reporters', 'default'];
    const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...FILES, ...options], {
      env: { ...process.env, TF_PLUGIN_MIRROR: folder },
    });

    const results = JSON.parse(readFileSync(output, 'utf8')) as Results;
    expect(status).toBe(1);
    expect(results).toMatchObject({ numFailedTestSuites: 1, numPassedTestSuites: 1 });
    expect(results.testResults.filter((result) => result.status === 'failed')).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /2 end-to-end test files cannot run\.[\s\S]*(?:TF_PLUGIN_MIRROR|Missing on this machine)/u,
        ) as string,
      }),
    ]);
  });
});
