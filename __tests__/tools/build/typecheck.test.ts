import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beginTypeCheck } from '../../../tools/build/typecheck';
import { copyProject } from '../../e2e/project-copy';

/** Ends what hangs; the compiler takes seconds, and on a busy machine a minute. */
jest.setTimeout(600_000);

describe('beginTypeCheck', () => {
  const copy = copyProject();
  afterAll(() => {
    copy.remove();
  });

  it('tells every type error of the app and the handlers: file, line and what', async () => {
    for (const file of ['handlers/process-upload/process.ts', 'main.ts', 'tools/lib/bar.ts']) {
      appendFileSync(path.join(copy.root, file), '\nexport const wrong: string = 5;\n');
    }

    const check = beginTypeCheck(copy.root)();

    await expect(check).rejects.toThrow(
      /process\.ts\(\d+,14\): error TS2322: Type 'number' is not assignable to type 'string'\.\n.*main\.ts\(\d+,14\)/u,
    );
    await expect(check).rejects.not.toThrow('bar.ts'); // is not deployed
  });

  it('tells why where there is no compiler', async () => {
    await expect(beginTypeCheck(mkdtempSync(path.join(tmpdir(), 'no-compiler-')))()).rejects.toThrow(
      /^The types could not be checked:[\s\S]*Cannot find module .*typescript/u,
    );
  });
});
