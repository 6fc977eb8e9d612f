// @ts-check
// The command that cdktf runs (`app` in cdktf.json): bundles handlers and app, then runs the app in this process.
// No type check, so that a synth stays fast: see `npm run typecheck`.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildApp, buildHandlers } from './bundle.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
try {
  // esbuild is another process: this one loads the app's first modules meanwhile.
  const [app] = await Promise.all([buildApp({ root }), buildHandlers({ root }), import('cdktf')]);
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(app).href);
} catch (error) {
  // esbuild has printed its own messages already; main.ts prints wrong settings itself.
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}
