import {
  GetAliasCommand,
  paginateListVersionsByFunction,
  PreconditionFailedException,
  ResourceNotFoundException,
  UpdateAliasCommand,
  type AliasConfiguration,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { ToolError } from '../../lib/errors';
import type { Released, Routing, Version } from './routing';

/** The alias that the stack makes (constructs/function/live-alias.ts). */
export const ALIAS = 'live';

/** An alias, with the revision that was read: a change names the revision it changes. */
export interface ReadAlias extends Released {
  readonly revisionId: string | undefined;
}

/** @throws {ToolError} where there is no such function, or it has no alias */
export async function readAlias(client: LambdaClient, functionName: string): Promise<ReadAlias> {
  const [alias, versions] = await Promise.all([
    getAlias(client, functionName),
    publishedVersions(client, functionName),
  ]);
  return { functionName, routing: routingOf(alias), versions, revisionId: alias.RevisionId };
}

/**
 * Points the alias at another version, unless someone else has changed it since it was read. Nothing but the alias
 * changes.
 * @throws {ToolError} where someone has
 */
export async function updateAlias(
  client: LambdaClient,
  was: ReadAlias,
  routing: Routing,
): Promise<ReadAlias> {
  const { canary } = routing;
  try {
    const alias = await client.send(
      new UpdateAliasCommand({
        FunctionName: was.functionName,
        Name: ALIAS,
        FunctionVersion: String(routing.version),
        RoutingConfig: { AdditionalVersionWeights: canary ? { [canary.version]: canary.weight } : {} },
        RevisionId: was.revisionId,
      }),
    );
    return { ...was, routing: routingOf(alias), revisionId: alias.RevisionId };
  } catch (error) {
    if (!(error instanceof PreconditionFailedException)) throw error;
    throw new ToolError(
      `${was.functionName}:${ALIAS} was changed by someone else meanwhile; nothing was done. Look again: npm run release -- status`,
      { cause: error },
    );
  }
}

async function getAlias(client: LambdaClient, functionName: string): Promise<AliasConfiguration> {
  try {
    return await client.send(new GetAliasCommand({ FunctionName: functionName, Name: ALIAS }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new ToolError(
      `There is no ${functionName}:${ALIAS} in this account and region. Deploy with release.alias set (docs/releases.md), or choose the environment with PIPELINE_ENV.`,
      { cause: error },
    );
  }
}

async function publishedVersions(client: LambdaClient, functionName: string): Promise<Version[]> {
  const versions: Version[] = [];
  try {
    for await (const page of paginateListVersionsByFunction({ client }, { FunctionName: functionName })) {
      for (const {
        Version: version = '',
        CodeSha256: codeSha256 = '',
        LastModified: publishedAt = '',
      } of page.Versions ?? []) {
        // $LATEST is what the next version will be published from.
        if (/^\d+$/u.test(version)) versions.push({ version: Number(version), codeSha256, publishedAt });
      }
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error; // getAlias says it better
  }
  return versions.sort((one, other) => one.version - other.version);
}

function routingOf({ FunctionVersion: version, RoutingConfig: config }: AliasConfiguration): Routing {
  const [canary] = Object.entries(config?.AdditionalVersionWeights ?? {});
  return {
    version: Number(version),
    ...(canary && { canary: { version: Number(canary[0]), weight: canary[1] } }),
  };
}
