import path from 'node:path';
import { isLoopbackUrl } from '../../config/loopback';
import { ToolError } from '../lib/errors';
import { QUIET_SDK } from '../lib/quiet-sdk';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';

/** The region of all local resources: an engine has none, but every client requires one. */
export const REGION = 'us-east-1';

/** Credentials that are invalid in every account. */
export const TEST_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** Shell variables that would direct a command to another endpoint or deployment. */
const LEADS_AWAY = /^(AWS_.*|CDKTF_.*|TF_CLI_ARGS.*|TF_DATA_DIR|TF_WORKSPACE|PIPELINE_ENV)$/u;

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/**
 * Whether the project's engine speaks TLS and enforces IAM: always, unless `PIPELINE_LOCAL_TLS` is `off`. Over http the
 * TLS-only policies of bucket, queues and topics refuse everything, so the two belong together.
 */
export function isEnforced({ PIPELINE_LOCAL_TLS: value = '' }: Environment): boolean {
  if (value === 'off') return false;
  if (value === '' || value === 'on') return true;
  throw new ToolError(
    `PIPELINE_LOCAL_TLS: got ${JSON.stringify(value)}; expected off (http, and no IAM), or nothing.`,
  );
}

/**
 * The engine that the person's own `AWS_ENDPOINT_URL` names, if any.
 * @throws {ToolError} if it, or the endpoint of a service, is not on this machine
 */
export function ownEndpoint(env: Environment): string | undefined {
  for (const [name, url] of Object.entries(env)) {
    if (!/^AWS_ENDPOINT_URL(_|$)/u.test(name) || !url || isLoopbackUrl(url)) continue;
    throw new ToolError(
      `${name} is ${JSON.stringify(url)}, which is not on this machine (127.0.0.0/8, localhost, [::1]).\n` +
        'Nothing local may reach a real account, so nothing was started.\n' +
        `Run \`unset ${name}\` first, or set AWS_ENDPOINT_URL to an engine of your own on this machine.`,
    );
  }
  return env.AWS_ENDPOINT_URL === '' ? undefined : env.AWS_ENDPOINT_URL;
}

export interface CommandEnvironmentProps {
  readonly paths: LocalPaths;
  /** The engine's URL, on this machine. */
  readonly endpoint: string;
  /** The file with the certificate that its clients trust. @default none: over http */
  readonly certificate?: string | undefined;
  /** Variables for Terraform to find its provider. @default none: Terraform's own search */
  readonly terraform?: Environment;
}

/**
 * The environment in which a command uses the engine instead of AWS: the user's own, without variables that name an
 * account, a profile or another endpoint.
 */
export function commandEnvironment(env: Environment, props: CommandEnvironmentProps): Environment {
  const { paths, endpoint, certificate, terraform = {} } = props;
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !LEADS_AWAY.test(name)));
  const noProxy = [kept.NO_PROXY ?? kept.no_proxy, ...LOOPBACK_HOSTS].filter(Boolean).join(',');
  return {
    ...kept,
    ...awsEnvironment(endpoint),
    ...(certificate !== undefined && trustIn(certificate)),
    ...terraform,
    PATH: [kept.PATH, paths.bin, fetchedFolder(terraform)].filter(Boolean).join(path.delimiter),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    CHECKPOINT_DISABLE: '1',
    GOGC: kept.GOGC ?? '400', // less garbage collection in Terraform and its provider saves a third of their CPU for 0.3 GB
    PIPELINE_ENV: 'local',
    // cdktf takes every option from CDKTF_…, so that `npm run local -- npx cdktf diff` needs no more words.
    CDKTF_OUTPUT: path.relative(paths.root, paths.cdktfOut),
    CDKTF_SKIP_PROVIDER_LOCK: 'true', // or it asks the public registry for other platforms' checksums
  };
}

/** Variables for the AWS CLI and the provider, for Node.js, and for curl. */
const trustIn = (certificate: string): Environment => ({
  AWS_CA_BUNDLE: certificate,
  NODE_EXTRA_CA_CERTS: certificate,
  CURL_CA_BUNDLE: certificate,
});

/** The folder of a fetched Terraform, so that commands find it by name. */
const fetchedFolder = ({ TERRAFORM_BINARY_NAME: name = '' }: Environment): string | undefined =>
  path.isAbsolute(name) ? path.dirname(name) : undefined;

function awsEnvironment(endpoint: string): Environment {
  return {
    ...TEST_CREDENTIALS,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_S3_USE_PATH_STYLE: 'true',
    AWS_PAGER: '',
  };
}

export interface EngineEnvironmentProps {
  readonly port: number;
  /** Files of the certificate and its key. @default none: http, and no IAM */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
}

/** The engine's environment: little, because its handlers inherit it, and on the `node` that runs this. */
export function engineEnvironment(env: Environment, { port, tls }: EngineEnvironmentProps): Environment {
  const inherited = ['HOME', 'LANG', 'TMPDIR'].flatMap((name) =>
    env[name] ? [[name, env[name]] as const] : [],
  );
  return {
    ...Object.fromEntries(inherited),
    ...TEST_CREDENTIALS,
    PATH: [path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    ...QUIET_SDK,
    BIND_HOST: '127.0.0.1', // it listens on every interface otherwise
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0', // a second port that nothing here uses
    ...(tls && {
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: tls.certificate,
      MINISTACK_SSL_KEY: tls.key,
      NODE_EXTRA_CA_CERTS: tls.certificate,
    }),
  };
}
