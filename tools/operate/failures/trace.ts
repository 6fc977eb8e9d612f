import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from '../../lib/clients';
import type { Colours } from '../../lib/terminal';
import { fetchEvents } from '../../logs/cloudwatch';
import { readEntries, type Entry } from '../../logs/entries';
import type { SourceMaps } from '../../logs/source-maps';
import { isTraceOf, traceText } from '../../logs/trace';
import type { FailureGroup, FailureList } from './group';
import { CLASS_LOST } from './record';

/** What a function has logged since a time. */
export type ReadLog = (functionName: string, since: number) => Promise<readonly Entry[]>;

/** How long before a record the attempts were that it is about: on the local engine, which alone needs this, seconds. */
const ATTEMPTS_MILLISECONDS = 15 * 60_000;

/** The logs of CloudWatch in an environment's region. */
export const logsOf = (settings: { readonly region: string }): ReadLog => {
  const client = new CloudWatchLogsClient(clientConfig(settings));
  return async (functionName, since) => readEntries(await fetchEvents(client, [functionName], since));
};

/** Puts class and stack from the function's log where a record has lost its class, as the local engine's have. */
export async function withTraces(list: FailureList, readLog: ReadLog): Promise<FailureList> {
  const groups = list.groups.map(async (group): Promise<FailureGroup> => {
    if (group.errorType !== CLASS_LOST || group.trace !== undefined) return group;
    const entries = await readLog(group.source.name, group.newest - ATTEMPTS_MILLISECONDS).catch(() => []);
    const trace = entries.findLast((entry) => isTraceOf(entry.trace, group.errorMessage ?? ''))?.trace;
    return trace === undefined ? group : { ...group, errorType: trace.errorType ?? CLASS_LOST, trace };
  });
  return { ...list, groups: await Promise.all(groups) };
}

/** Where the error of each group began, in TypeScript. */
export async function tracesOf(
  { groups }: FailureList,
  maps: SourceMaps,
  colours: Colours,
): Promise<(group: FailureGroup) => string> {
  const texts = await Promise.all(
    groups.map(async (group) => {
      if (group.trace === undefined) return [group, ''] as const;
      const text = traceText(group.trace, await maps.toSource(group.source.name, group.version), colours);
      return [group, text] as const;
    }),
  );
  const known = new Map(texts);
  return (group) => known.get(group) ?? '';
}
