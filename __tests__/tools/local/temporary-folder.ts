import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder of its own for every test, whose path holds a space; gone afterwards. */
export function temporaryFolder(): { path: string; write: (file: string, text?: string) => string } {
  const folder = {
    path: '',
    /** Writes a file and the folders it needs. */
    write(file: string, text = ''): string {
      const full = path.join(folder.path, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, text);
      return full;
    },
  };
  beforeEach(() => {
    folder.path = mkdtempSync(path.join(os.tmpdir(), 'local test '));
  });
  afterEach(() => {
    rmSync(folder.path, { recursive: true, force: true });
  });
  return folder;
}
