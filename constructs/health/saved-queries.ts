import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import { Construct } from 'constructs';

export interface SavedQueriesProps {
  /** Start of each query's name: the folder that the console shows it in. */
  readonly folder: string;
  /** The log group that process-upload writes to. */
  readonly logGroup: CloudwatchLogGroup;
}

/**
 * Questions to the log of process-upload, by name. The runbook holds the same text, for who has no console.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const QUERIES: Readonly<Record<string, string>> = {
  'failures-by-key': `filter decision = "failed"
| stats count(*) as attempts, latest(why) as lastError, latest(permanent) as cannotBeMended by key
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

/** The queries in the console of CloudWatch Logs Insights. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, logGroup }: SavedQueriesProps) {
    super(scope, id);
    for (const [name, queryString] of Object.entries(QUERIES)) {
      new CloudwatchQueryDefinition(this, name, {
        name: `${folder}/${name}`,
        logGroupNames: [logGroup.name],
        queryString,
      });
    }
  }
}
