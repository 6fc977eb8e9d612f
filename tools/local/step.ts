import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { loadSettings } from '../../config/environments';
import { destinationOf } from '../../handlers/process-upload/prefixes';
import { processUpload } from '../../handlers/process-upload/process';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, ToolError, UsageError } from '../lib/errors';
import { interruptible } from '../lib/interrupt';
import { coloursFor, count } from '../lib/terminal';
import { lineText, outcomeText } from './step/report';
import { ROUTES } from './step/route-event';
import { etagOf, tryStep } from './step/try-step';

const routes = Object.keys(ROUTES);

const HELP = `Runs your own step (handlers/process-upload/process.ts) on a file of this machine, with the mover's code around it. Nothing
is uploaded or moved, and no engine is needed.

  npm run step -- FILE [options]

  --key KEY             the key that the step sees; the upload prefix and the file's name unless given
  --content-type TYPE   what open() tells as contentType
  --metadata NAME=VALUE user metadata that open() tells; may be repeated
  --event ROUTE         prints the event of this upload instead, as a way delivers it: ${routes.join(', ')}; for
                        npm run invoke -- process-upload, tests and the console
  --bucket NAME         the bucket's name; UPLOAD_BUCKET where set
  --help                show this

Exit codes: 0 the step returned: the upload would move; 1 it threw, or the file cannot be read; 2 wrong command line.

  npm run step -- report.csv
  npm run step -- report.csv --event s3`;

const ROOT = path.resolve(__dirname, '..', '..');

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      'content-type': { type: 'string' },
      metadata: { type: 'string', multiple: true },
      event: { type: 'string' },
      bucket: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new UsageError(`FILE: got ${positionals.length} files; expected one.\n\n${HELP}`);
  const metadata = Object.fromEntries((values.metadata ?? []).map(readPair));
  const route = routeOf(values.event);
  const { prefixes, formerPrefixes, onExisting } = loadSettings(process.env);
  const key = values.key ?? `${prefixes.upload}${path.basename(file)}`;
  const bucket = values.bucket ?? process.env.UPLOAD_BUCKET ?? 'BUCKET';
  const content = await contentOf(file);

  if (route !== undefined) {
    const { mtime } = await stat(file);
    const object = { key, size: content.length, etag: etagOf(content), lastModified: mtime };
    console.log(JSON.stringify(route(bucket, object), undefined, 2));
    return 0;
  }

  const colours = coloursFor(process.stdout);
  console.log(`${colours.heading('The step')} on ${file}, as ${key}, ${count(content.length, 'byte')}`);
  const tried = await tryStep(
    processUpload,
    { key, content, bucket, contentType: values['content-type'], metadata },
    {
      signal: interruptible(),
      onLine: (line) => {
        console.log(`  ${lineText(line, colours)}`);
      },
    },
  );
  const destination = destinationOf(key, {
    uploadPrefix: prefixes.upload,
    processedPrefix: prefixes.processed,
    formerPrefixes,
  });
  const text = outcomeText(tried, { key, destination, onExisting, root: ROOT }, colours);
  if (tried.error === undefined) console.log(text);
  else console.error(text);
  return tried.error === undefined ? 0 : 1;
};

function routeOf(name: string | undefined) {
  if (name === undefined) return undefined;
  const route = ROUTES[name];
  if (route !== undefined) return route;
  throw new UsageError(`--event: got ${JSON.stringify(name)}; expected one of ${routes.join(', ')}.`);
}

function readPair(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
  throw new UsageError(`--metadata: got ${JSON.stringify(text)}; expected NAME=VALUE.`);
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new ToolError(`FILE: ${JSON.stringify(file)} cannot be read: ${messageOf(error)}`);
  }
}

if (require.main === module) void runTool(main);
