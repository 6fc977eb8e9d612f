import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { REGION } from '../../../tools/local/environment';
import type { Engine } from '../../../tools/local/client';

/** Who asks. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The account's root: whoever the engine was started for. */
export const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A request that the engine refused. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** The parameters of a request in AWS's query protocol, but its action. */
export type Parameters = Readonly<Record<string, string>>;

/**
 * Calls services that this project has no SDK client for, in the query protocol (IAM, STS, SNS) or in JSON.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/programming.html
 */
export class EngineApi {
  private readonly agent: https.Agent;

  constructor(
    private readonly engine: Engine,
    private readonly credentials: Credentials | undefined = ROOT,
  ) {
    const { certificate = '' } = engine;
    this.agent = new https.Agent({ ca: readFileSync(certificate), keepAlive: true });
  }

  as(credentials: Credentials | undefined): EngineApi {
    return new EngineApi(this.engine, credentials);
  }

  /** Calls an action in the query protocol; the answer's XML. */
  query(service: string, action: string, parameters: Parameters = {}): Promise<string> {
    const form = new URLSearchParams({ Action: action, Version: VERSIONS[service] ?? '', ...parameters });
    return this.post(service, form.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  }

  /** Calls an action in JSON 1.1; `target` is the value of X-Amz-Target. */
  async json(service: string, target: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    return JSON.parse((await this.post(service, JSON.stringify(body), headers)) || '{}');
  }

  private async post(service: string, body: string, headers: Record<string, string>): Promise<string> {
    const url = new URL(this.engine.endpoint);
    const signed = { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)) };
    const options = {
      method: 'POST',
      agent: this.agent,
      headers: this.credentials ? sign(service, body, signed, this.credentials) : signed,
    };
    return new Promise((resolve, reject) => {
      const request = https.request(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => {
          if ((response.statusCode ?? 0) < 300) resolve(text);
          else reject(new EngineError(`${service}: ${response.statusCode ?? ''} ${text}`));
        });
      });
      request.once('error', reject).end(body);
    });
  }
}

const VERSIONS: Readonly<Record<string, string>> = {
  ec2: '2016-11-15',
  iam: '2010-05-08',
  sts: '2011-06-15',
  sns: '2010-03-31',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(
  service: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): Record<string, string> {
  const time = new Date().toISOString().replaceAll(/[:-]|\.\d+/gu, '');
  const all: Record<string, string> = {
    ...headers,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(all).sort();
  const canonical = [
    'POST\n/\n',
    ...names.map((name) => `${name}:${all[name] ?? ''}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const scope = [time.slice(0, 8), REGION, service, 'aws4_request'];
  const key = scope.reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secretAccessKey}`));
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const signature = hmac(key, text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The text of each element with a name, in an answer's XML. */
export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'gu'))].map(([, text = '']) => unescaped(text));

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** The credentials in an answer of STS or IAM. */
export function credentialsIn(xml: string): Credentials {
  const [accessKeyId = ''] = elements(xml, 'AccessKeyId');
  const [secretAccessKey = ''] = elements(xml, 'SecretAccessKey');
  const [sessionToken] = elements(xml, 'SessionToken');
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
