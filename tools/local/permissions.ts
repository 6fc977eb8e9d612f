import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineApi } from '../../__tests__/e2e/iam/engine-api';
import { measuredTable, measureGrants, problemsIn } from '../../__tests__/e2e/iam/least-privilege';
import { REASONS } from '../../__tests__/e2e/iam/reasons';
import { scenariosOf } from '../../__tests__/e2e/iam/scenarios';
import { parseOptions, runTool, type Main } from '../lib/command';
import { ToolError } from '../lib/errors';
import { Progress } from '../lib/progress';
import { localPaths } from '../machine/paths';
import { readRecord } from './record';
import { localEnvironment } from './run';
import { readOutputs } from './state';

const HELP = `Measures least privilege on the local engine: takes each permission of the functions' and services' roles away, one at
a time, plays what should need it, looks whether IAM then refuses exactly that, and gives it back.

  npm start && npm run test:permissions

Prints each permission with what became of it, and how many are needed. What nothing was seen to need has its reason in
__tests__/e2e/iam/reasons.ts. Uploads of its own stay in processed/least-privilege/. After Ctrl-C, npm start gives back what
was taken away; it also sets the sweep's OLDER_THAN_MINUTES again, which this lowers.

Exit codes: 0 each permission is needed or has its reason; 1 nothing is deployed, or without IAM; 2 wrong command line;
3 a permission has neither, or a reason does not hold.`;

/** The exit code where a permission is neither needed nor explained. */
const UNEXPLAINED = 3;

const ROOT = path.resolve(__dirname, '..', '..');

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const paths = localPaths(ROOT);
  await localEnvironment(paths, process.env); // throws where nothing is deployed, or nothing runs
  const [engine, outputs] = await Promise.all([readRecord(paths), readOutputs(paths)]);
  if (engine?.pid === undefined || engine.certificate === undefined || outputs === undefined) {
    throw new ToolError(
      'The engine does not enforce IAM, or is your own: `npm stop`, then `npm start` without PIPELINE_LOCAL_TLS and AWS_ENDPOINT_URL.',
    );
  }
  const prefix = outputs.process_upload_function.replace(/process-upload(:.*)?$/u, '');
  const measured = await new Progress(process.stderr).step('Taking each permission away', (note) =>
    measureGrants({
      api: new EngineApi(engine),
      prefix,
      scenarios: scenariosOf({ engine, outputs }),
      reasons: REASONS,
      log: () => readFile(paths.engineLog, 'utf8'),
      onMeasured: ({ grant }) => {
        note(`${grant.role} ${grant.action}`);
      },
    }),
  );
  console.log(measuredTable(measured, prefix));
  return problemsIn(measured).length === 0 ? 0 : UNEXPLAINED;
};

if (require.main === module) void runTool(main);
