import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import { Construct } from 'constructs';
import type { NodeFunction } from '../function/node-function';

export interface SavedQueriesProps {
  /** Start of each query's name: the folder that the console shows it in. */
  readonly folder: string;
  /** The function that moves uploads. */
  readonly mover: NodeFunction;
  /** Every function. */
  readonly functions: readonly NodeFunction[];
}

/**
 * Questions to the log of process-upload, by name. The runbook holds the same text, for people without a console.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
const MOVER_QUERIES: Readonly<Record<string, string>> = {
  'failures-by-key': `filter decision = "failed"
| stats count(*) as attempts, latest(why) as lastError, latest(permanent) as isPermanent by key
| sort attempts desc
| limit 100`,
  slowest: `filter ispresent(decision)
| sort durationMs desc
| display @timestamp, durationMs, decision, key, size, why
| limit 50`,
  'replaced-objects': `filter decision = "moved" and replaced like /^(1|true)$/
| sort @timestamp desc
| display @timestamp, key, destination, size
| limit 100`,
};

/** Questions to the logs of all functions. */
const FUNCTION_QUERIES: Readonly<Record<string, string>> = {
  errors: `filter level = "ERROR"
| sort @timestamp desc
| display @timestamp, @log, message, error.message
| limit 100`,
};

/** All of them; the runbook shows each word for word. */
export const QUERIES = { ...MOVER_QUERIES, ...FUNCTION_QUERIES };

/** The queries in the console of CloudWatch Logs Insights. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, mover, functions }: SavedQueriesProps) {
    super(scope, id);
    const save = (queries: typeof QUERIES | typeof MOVER_QUERIES, of: readonly NodeFunction[]): void => {
      for (const [name, queryString] of Object.entries(queries)) {
        const logGroupNames = of.map(({ logGroup }) => logGroup.name);
        new CloudwatchQueryDefinition(this, name, { name: `${folder}/${name}`, logGroupNames, queryString });
      }
    };
    save(MOVER_QUERIES, [mover]);
    save(FUNCTION_QUERIES, functions);
  }
}
