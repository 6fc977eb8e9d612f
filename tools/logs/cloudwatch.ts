import {
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from './line';

const GROUP_PREFIX = '/aws/lambda/';

/** The functions that have a log, of those whose names start with the prefix. */
export async function functionsWithLogs(client: CloudWatchLogsClient, namePrefix: string): Promise<string[]> {
  const names: string[] = [];
  const input = { logGroupNamePrefix: `${GROUP_PREFIX}${namePrefix}-` };
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, input)) {
    for (const { logGroupName } of logGroups) {
      if (logGroupName !== undefined) names.push(logGroupName.slice(GROUP_PREFIX.length));
    }
  }
  return names;
}

/** The log events of functions since a time, oldest first. */
export async function fetchEvents(
  client: CloudWatchLogsClient,
  functionNames: readonly string[],
  since: number,
): Promise<LogEvent[]> {
  const logs = await Promise.all(functionNames.map((name) => fetchLog(client, name, since)));
  return logs.flat().sort((one, other) => one.time - other.time);
}

async function fetchLog(
  client: CloudWatchLogsClient,
  functionName: string,
  since: number,
): Promise<LogEvent[]> {
  const found: LogEvent[] = [];
  const input = { logGroupName: `${GROUP_PREFIX}${functionName}`, startTime: since };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
    for (const { eventId, timestamp = 0, logStreamName = '', message = '' } of events) {
      found.push({
        id: eventId ?? `${functionName} ${timestamp} ${message}`,
        time: timestamp,
        functionName,
        stream: logStreamName,
        message,
      });
    }
  }
  return found;
}
