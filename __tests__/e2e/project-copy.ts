import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { localPaths, type LocalPaths } from '../../tools/machine/paths';

const project = path.resolve(__dirname, '../..');

/** What a clone does not hold. */
const LEFT_OUT = ['.git', '.local', 'cdktf.out', 'coverage', 'dist', 'node_modules'];

/** The project as after a clone and `npm ci`, in a folder of its own whose path holds spaces. */
export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

export interface CopyProps {
  /** Whether the local engine is installed, which is then the project's own (install-engine.ts). @default false */
  readonly withEngine?: boolean;
}

export function copyProject({ withEngine = false }: CopyProps = {}): ProjectCopy {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'a clone of the pipeline '));
  const root = path.join(folder, 'upload pipeline');
  cpSync(project, root, {
    recursive: true,
    filter: (source) => !LEFT_OUT.includes(path.relative(project, source)) && !source.endsWith('.tfstate'),
  });
  symlinkSync(path.join(project, 'node_modules'), path.join(root, 'node_modules'));
  if (withEngine) linkEngine(localPaths(project), localPaths(root));
  return {
    root,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function linkEngine(from: LocalPaths, to: LocalPaths): void {
  mkdirSync(to.folder);
  for (const what of ['venv', 'bin', 'terraform'] as const)
    if (existsSync(from[what])) symlinkSync(from[what], to[what]);
}
