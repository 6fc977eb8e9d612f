// @ts-check
// Runs the app of every-option.ts as cdktf runs that of main.ts.
import path from 'node:path';
import { runApp } from '../../tools/build/run-app.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
await runApp({
  root,
  outdir: path.join(root, 'dist', 'bench', 'every-option'),
  entry: 'bench/apps/every-option.ts',
});
