import { readFileSync } from 'node:fs';
import https from 'node:https';
import { REGION, TEST_CREDENTIALS } from './environment';
import type { EngineRecord } from './record';

/** An engine on this machine, as its clients see it. */
export type Engine = Pick<EngineRecord, 'endpoint' | 'certificate'>;

/**
 * Options of an SDK client of an engine in this process, independent of the user's AWS configuration. It trusts the
 * engine's own certificate and no other; `NODE_EXTRA_CA_CERTS` is for child processes, because Node.js reads it at start.
 * https://nodejs.org/docs/latest-v20.x/api/cli.html#node_extra_ca_certsfile
 */
export const engineClientConfig = ({ endpoint, certificate }: Engine) => ({
  endpoint,
  region: REGION,
  credentials: {
    accessKeyId: TEST_CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  },
  ...(certificate !== undefined && { requestHandler: { httpsAgent: agentFor(certificate) } }),
});

/** One agent a certificate, so that the clients of an engine share connections. */
const agents = new Map<string, https.Agent>();

function agentFor(file: string): https.Agent {
  const ca = readFileSync(file, 'utf8');
  const known = agents.get(ca);
  if (known) return known;
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: 50 });
  agents.set(ca, agent);
  return agent;
}
