import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { LocalPaths } from '../machine/paths';

/** Longer than an engine lives; each start of an engine makes a new certificate. */
const VALID_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes the certificate of an engine, and the key that only its owner can read. They are for `localhost`, 127.0.0.1 and
 * ::1, and replace those of the last engine. No trust store of the system takes part.
 */
export async function makeCertificate(paths: LocalPaths, now = new Date()): Promise<void> {
  const { certificate, key } = selfSigned(now);
  await mkdir(paths.tls, { recursive: true, mode: 0o700 });
  await rm(paths.tlsKey, { force: true }); // the mode of an existing file would stay
  await writeFile(paths.tlsKey, key, { mode: 0o600 });
  await writeFile(paths.tlsCertificate, certificate);
}

/**
 * A self-signed X.509 certificate (RFC 5280) on P-256, as PEM. Node.js reads certificates but writes none; the libraries
 * that do bring about twenty packages, for one fixed form of forty lines. Keys and signature are OpenSSL's.
 */
export function selfSigned(now: Date): { readonly certificate: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0); // positive, and without a leading zero
  const name = sequence(
    set(sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from('upload-pipeline local engine')))),
  );
  const unsigned = sequence(
    der(CONTEXT | 0, integer(2)), // version 3
    der(INTEGER, serial),
    sequence(oid(ECDSA_WITH_SHA256)),
    name,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + VALID_DAYS * DAY_MS))),
    name,
    spki,
    der(
      CONTEXT | 3,
      sequence(
        // Its own authority: clients that trust it trust nothing else.
        extension(BASIC_CONSTRAINTS, sequence(der(BOOLEAN, Buffer.of(0xff))), CRITICAL),
        // digitalSignature, keyCertSign
        extension(KEY_USAGE, der(BIT_STRING, Buffer.of(2, 0x84)), CRITICAL),
        extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
        extension(SUBJECT_KEY_ID, der(OCTET_STRING, keyId)), // strict clients ask for both: Python 3.13
        extension(AUTHORITY_KEY_ID, sequence(der(0x80, keyId))),
        extension(SUBJECT_ALT_NAME, sequence(dns('localhost'), ip(127, 0, 0, 1), ip(...IPV6_LOOPBACK))),
      ),
    ),
  );
  const signature = sign('sha256', unsigned, privateKey);
  const signed = sequence(
    unsigned,
    sequence(oid(ECDSA_WITH_SHA256)),
    der(BIT_STRING, Buffer.concat([Buffer.of(0), signature])),
  );
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines(signed.toString('base64'))}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

// DER (ITU-T X.690): a tag, a length, the content.
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const CONTEXT = 0xa0;

// Object identifiers, encoded.
const COMMON_NAME = '550403';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const SUBJECT_KEY_ID = '551d0e';
const KEY_USAGE = '551d0f';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const AUTHORITY_KEY_ID = '551d23';
const EXTENDED_KEY_USAGE = '551d25';
const SERVER_AUTH = '2b06010505070301';

const IPV6_LOOPBACK = [...Array.from({ length: 15 }, () => 0), 1];
const CRITICAL = der(BOOLEAN, Buffer.of(0xff));

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80
      ? Buffer.of(length)
      : length < 0x100
        ? Buffer.of(0x81, length)
        : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(SEQUENCE, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]): Buffer => der(SET, Buffer.concat(parts));
const oid = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const integer = (value: number): Buffer => der(INTEGER, Buffer.of(value));
const dns = (name: string): Buffer => der(0x82, Buffer.from(name));
const ip = (...bytes: readonly number[]): Buffer => der(0x87, Buffer.from(bytes));
const lines = (base64: string): string => base64.replaceAll(/.{64}(?=.)/gu, '$&\n');

const extension = (id: string, value: Buffer, critical: Buffer = Buffer.alloc(0)): Buffer =>
  sequence(oid(id), critical, der(OCTET_STRING, value));

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/gu, '');
  return date.getUTCFullYear() < 2050
    ? der(UTC_TIME, Buffer.from(digits.slice(2)))
    : der(GENERALIZED_TIME, Buffer.from(digits));
}
