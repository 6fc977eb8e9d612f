import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isReachable } from '../../../tools/local/engine';
import { makeCertificate, selfSigned } from '../../../tools/local/certificate';
import { engineClientConfig } from '../../../tools/local/client';
import { localPaths, type LocalPaths } from '../../../tools/machine/paths';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const NOW = new Date('2026-03-01T12:00:00Z');

describe('the certificate of an engine', () => {
  const read = (): X509Certificate => new X509Certificate(selfSigned(NOW).certificate);

  it.each(['127.0.0.1', '::1'])('is for %s', (address) => {
    expect(read().checkIP(address)).toBe(address);
  });

  it('is for localhost, and for nobody else', () => {
    expect(read().checkHost('localhost')).toBe('localhost');
    expect(read().checkHost('s3.amazonaws.com')).toBeUndefined();
  });

  it('vouches for itself, and with another key each time', () => {
    const certificate = read();

    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.verify(read().publicKey)).toBe(false);
  });

  it('is valid for 30 days, by a clock that may be a day late', () => {
    const { validFrom, validTo } = read();

    expect([new Date(validFrom), new Date(validTo)]).toEqual([
      new Date('2026-02-28T12:00:00Z'),
      new Date('2026-03-31T12:00:00Z'),
    ]);
  });

  it('is still one in the second half of the century, which is written otherwise', () => {
    const { validTo } = new X509Certificate(selfSigned(new Date('2049-12-31T00:00:00Z')).certificate);

    expect(new Date(validTo)).toEqual(new Date('2050-01-30T00:00:00Z'));
  });

  it('has a key that only its owner can read, again after a renewal', async () => {
    const paths = localPaths(folder.path);
    await makeCertificate(paths);
    const first = readFileSync(paths.tlsCertificate, 'utf8');
    await makeCertificate(paths);

    expect(statSync(paths.tlsKey).mode & 0o777).toBe(0o600);
    expect(readFileSync(paths.tlsCertificate, 'utf8')).not.toBe(first);
  });
});

describe('a server with that certificate', () => {
  let paths: LocalPaths;
  let server: https.Server;
  let endpoint: string;

  beforeEach(async () => {
    paths = localPaths(folder.path);
    await makeCertificate(paths);
    const [cert, key] = [paths.tlsCertificate, paths.tlsKey].map((file) => readFileSync(file, 'utf8'));
    server = https.createServer({ cert, key }, (_, response) => {
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"QueueUrls": ["found"]}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const listQueues = (certificate?: string) =>
    new SQSClient({ ...engineClientConfig({ endpoint, certificate }), maxAttempts: 1 }).send(
      new ListQueuesCommand(),
    );

  it('is trusted by a client that was given the certificate', async () => {
    await expect(isReachable({ endpoint, certificate: paths.tlsCertificate })).resolves.toBe(true);
    await expect(listQueues(paths.tlsCertificate)).resolves.toMatchObject({ QueueUrls: ['found'] });
  });

  it('is not trusted by a client that was not, or that was given another', async () => {
    const another = folder.write('another.pem', selfSigned(new Date()).certificate);

    await expect(isReachable({ endpoint })).resolves.toBe(false);
    await expect(listQueues()).rejects.toThrow(/self.signed certificate/iu);
    await expect(isReachable({ endpoint, certificate: another })).resolves.toBe(false);
    await expect(listQueues(another)).rejects.toThrow(/certificate/iu);
  });
});
