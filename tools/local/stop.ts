import type { Output } from '../lib/terminal';
import { Claim, endStart, runningStart } from './claim';
import { endEngine } from './engine';
import { localPaths } from '../machine/paths';
import { forgetRecord, readRecord } from './record';
import { forgetState, hasState } from './state';

export interface StopProps {
  /** The project's folder. */
  readonly root: string;
  readonly output: Output;
}

/**
 * `npm stop`: ends the engine and forgets its deployment; the installed engine and the logs stay. It does not end the
 * user's own engine. A second call does no harm.
 */
export async function stop({ root, output }: StopProps): Promise<void> {
  const paths = localPaths(root);
  const starting = await runningStart(paths);
  if (starting) await endStart(starting);
  await (await Claim.take(paths)).release(); // ends the processes of a killed start
  const record = await readRecord(paths);
  const ended = record !== undefined && (await endEngine(paths, record));
  const deployed = hasState(paths);
  await forgetState(paths);
  await forgetRecord(paths);
  output.write(
    `${describeStop({ ended, deployed, own: record !== undefined && record.pid === undefined })}\n`,
  );
}

interface Stopped {
  readonly ended: boolean;
  readonly deployed: boolean;
  /** Whether the engine is the user's own. */
  readonly own: boolean;
}

export function describeStop({ ended, deployed, own }: Stopped): string {
  if (ended) return 'Ended the local engine and forgot what was deployed to it.';
  const forgot = deployed ? 'Forgot what was deployed' : 'Nothing was deployed';
  return own
    ? `${forgot}. The engine is your own: it keeps running, and the deployed resources stay in it.`
    : `${forgot}; no engine was running.`;
}
