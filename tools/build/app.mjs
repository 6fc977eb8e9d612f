// @ts-check
// The command that cdktf runs (`app` in cdktf.json).
import path from 'node:path';
import { runApp } from './run-app.mjs';

await runApp({ root: path.resolve(import.meta.dirname, '..', '..') });
