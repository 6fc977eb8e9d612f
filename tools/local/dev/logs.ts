import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { coloursFor, widthOf, type Output } from '../../lib/terminal';
import { fetchEvents, functionsWithLogs } from '../../logs/cloudwatch';
import { deployedPackage } from '../../logs/deployed-package';
import { readEntries } from '../../logs/entries';
import { readLogs } from '../../logs/follow';
import { isFailure } from '../../logs/line';
import { entryText } from '../../logs/print';
import { sourceMaps } from '../../logs/source-maps';
import { engineClientConfig, type Engine } from '../client';

const POLL_MS = 400;

export interface LogsProps {
  readonly engine: Engine;
  readonly namePrefix: string;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Called when a function has failed. */
  readonly onFailure: (functionName: string) => void;
}

/** Prints what the functions log from now on. @returns forgets which code the functions run, when it is another */
export function followLogs({ engine, namePrefix, output, signal, onFailure }: LogsProps): () => void {
  const client = new CloudWatchLogsClient(engineClientConfig(engine));
  const maps = sourceMaps(deployedPackage(new LambdaClient(engineClientConfig(engine))));
  const print = {
    colours: coloursFor(output),
    columns: widthOf(output),
    namePrefix,
    toSource: maps.toSource.bind(maps),
  };
  const source = {
    // Asked for each time: a deployment may bring a function. A log that cannot be read now can be in a moment.
    fetch: async (since: number) => {
      const names = await functionsWithLogs(client, namePrefix).catch(() => []);
      return fetchEvents(client, names, since).catch(() => []);
    },
    wait: () => sleep(POLL_MS, undefined, { signal }).catch(() => undefined),
  };
  void readLogs(source, {
    since: Date.now(),
    follow: true,
    signal,
    onEvents: async (events) => {
      for (const entry of readEntries(events)) {
        if (isFailure(entry.line)) onFailure(entry.event.functionName);
        output.write(`${await entryText(entry, print)}\n`);
      }
    },
  });
  return () => {
    maps.forget();
  };
}
