import {
  commandEnvironment,
  engineEnvironment,
  isEnforced,
  ownEndpoint,
} from '../../../tools/local/environment';
import { localPaths } from '../../../tools/machine/paths';

const paths = localPaths('/project');
const endpoint = 'http://127.0.0.1:4566';

describe('ownEndpoint', () => {
  it.each(['http://127.0.0.1:4566', 'http://127.1.2.3:1', 'http://localhost:4566', 'http://[::1]:4566'])(
    'uses the engine at %s',
    (url) => {
      expect(ownEndpoint({ AWS_ENDPOINT_URL: url })).toBe(url);
    },
  );

  it.each([{}, { AWS_ENDPOINT_URL: '' }])('finds none in %j', (env) => {
    expect(ownEndpoint(env)).toBeUndefined();
  });

  it.each([
    ['AWS_ENDPOINT_URL', 'https://s3.amazonaws.com'],
    ['AWS_ENDPOINT_URL', 'http://127.0.0.1.example.com'],
    ['AWS_ENDPOINT_URL', 'not a URL'],
    ['AWS_ENDPOINT_URL_S3', 'http://192.168.0.10:9000'],
  ])('refuses %s=%s, which is not on this machine', (name, url) => {
    const env = { AWS_ENDPOINT_URL: endpoint, [name]: url };

    expect(() => ownEndpoint(env)).toThrow(`${name} is ${JSON.stringify(url)}, which is not on this machine`);
  });
});

describe('commandEnvironment', () => {
  it('keeps nothing that names an account, a profile or another place', () => {
    const env = {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'secret',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      TF_WORKSPACE: 'prod',
      TF_CLI_ARGS_apply: '-target=x',
      CDKTF_CONTEXT_JSON: '{}',
    };

    expect(Object.keys(commandEnvironment(env, { paths, endpoint }))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(Object.keys(env).join('|'))]),
    );
  });

  it('replaces credentials, region, endpoint, environment and configuration files', () => {
    const env = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_REGION: 'eu-west-1',
      PIPELINE_ENV: 'prod',
      AWS_CONFIG_FILE: 'mine',
    };

    expect(commandEnvironment(env, { paths, endpoint })).toMatchObject({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      PIPELINE_ENV: 'local',
    });
  });

  it('keeps everything else, and the person’s own aws first', () => {
    const env = { HOME: '/home/me', TERM: 'xterm', PATH: '/usr/bin' };

    expect(commandEnvironment(env, { paths, endpoint })).toMatchObject({
      HOME: '/home/me',
      TERM: 'xterm',
      PATH: '/usr/bin:/project/.local/bin',
    });
  });

  it.each([
    [{}, '127.0.0.1,localhost,::1'],
    [{ NO_PROXY: 'intranet' }, 'intranet,127.0.0.1,localhost,::1'],
    [{ no_proxy: 'intranet' }, 'intranet,127.0.0.1,localhost,::1'],
  ])('goes past a proxy to the engine with %j', (env, expected) => {
    expect(commandEnvironment(env, { paths, endpoint })).toMatchObject({
      NO_PROXY: expected,
      no_proxy: expected,
    });
  });

  it('tells cdktf by environment what its options would', () => {
    expect(commandEnvironment({}, { paths, endpoint })).toMatchObject({
      CDKTF_OUTPUT: '.local/cdktf.out',
      CDKTF_SKIP_PROVIDER_LOCK: 'true',
    });
  });

  it('makes Terraform collect garbage less, unless the person has chosen how much', () => {
    expect(commandEnvironment({}, { paths, endpoint })).toMatchObject({ GOGC: '400' });
    expect(commandEnvironment({ GOGC: '50' }, { paths, endpoint })).toMatchObject({ GOGC: '50' });
  });

  it('trusts the engine’s certificate in the AWS CLI, the provider, Node.js and curl', () => {
    const certificate = '/project/.local/tls/certificate.pem';
    const trusted = {
      AWS_CA_BUNDLE: certificate,
      NODE_EXTRA_CA_CERTS: certificate,
      CURL_CA_BUNDLE: certificate,
    };

    expect(commandEnvironment({ AWS_CA_BUNDLE: 'mine' }, { paths, endpoint, certificate })).toMatchObject(
      trusted,
    );
    const overHttp = commandEnvironment(
      { AWS_CA_BUNDLE: 'mine', NODE_EXTRA_CA_CERTS: 'mine' },
      { paths, endpoint },
    );
    expect(overHttp.AWS_CA_BUNDLE).toBeUndefined();
    expect(overHttp.NODE_EXTRA_CA_CERTS).toBe('mine');
  });

  it('tells Terraform where its provider is', () => {
    const terraform = { TF_CLI_CONFIG_FILE: '/project/.local/terraform.rc' };

    expect(commandEnvironment({ TF_CLI_CONFIG_FILE: 'mine' }, { paths, endpoint, terraform })).toMatchObject(
      terraform,
    );
  });
});

describe('isEnforced', () => {
  it.each([
    [{}, true] as const,
    [{ PIPELINE_LOCAL_TLS: '' }, true],
    [{ PIPELINE_LOCAL_TLS: 'on' }, true],
    [{ PIPELINE_LOCAL_TLS: 'off' }, false],
  ])('is, with %j, %j', (env, enforced) => {
    expect(isEnforced(env)).toBe(enforced);
  });

  it('refuses another word', () => {
    expect(() => isEnforced({ PIPELINE_LOCAL_TLS: 'false' })).toThrow(
      'PIPELINE_LOCAL_TLS: got "false"; expected off (http, and no IAM), or nothing.',
    );
  });
});

describe('engineEnvironment', () => {
  it('enforces IAM where there is TLS, which handlers then trust', () => {
    const tls = { certificate: 'certificate.pem', key: 'key.pem' };

    expect(engineEnvironment({}, { port: 4570, tls })).toMatchObject({
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: 'certificate.pem',
      MINISTACK_SSL_KEY: 'key.pem',
      NODE_EXTRA_CA_CERTS: 'certificate.pem',
    });
    expect(Object.keys(engineEnvironment({}, { port: 4570 })).join()).not.toMatch(/AUTH|SSL|CERTS/u);
  });

  it('listens on loopback alone, at the given port', () => {
    expect(engineEnvironment({}, { port: 4570 })).toMatchObject({
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: '4570',
    });
  });

  it('hands nothing of the person’s shell to the handlers but what a program needs', () => {
    const env = {
      HOME: '/home/me',
      PATH: '/usr/bin',
      LOG_LEVEL: 'DEBUG',
      NODE_OPTIONS: '--inspect',
      MY_TOKEN: 'x',
    };

    const names = Object.keys(engineEnvironment(env, { port: 4570 }));
    expect(names).toEqual(expect.arrayContaining(['HOME', 'PATH']));
    expect(names).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/LOG_LEVEL|NODE_OPTIONS|MY_TOKEN/u)]),
    );
  });
});
