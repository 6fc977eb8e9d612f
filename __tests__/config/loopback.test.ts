import { isLoopbackUrl } from '../../config/loopback';

describe('isLoopbackUrl', () => {
  it.each([
    'http://127.0.0.1:4566',
    'http://127.8.9.10',
    'http://localhost:4566/',
    'https://localhost',
    'http://[::1]:4566',
    'http://127.1', // how URLs spell 127.0.0.1
  ])('knows %s for this machine', (url) => {
    expect(isLoopbackUrl(url)).toBe(true);
  });

  it.each([
    '',
    'localhost:4566',
    'http://0.0.0.0:4566',
    'http://10.0.0.1:4566',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1@example.com',
    'https://s3.us-east-1.amazonaws.com',
    'ftp://127.0.0.1',
    'file:///etc/hosts',
  ])('does not take %p for it', (url) => {
    expect(isLoopbackUrl(url)).toBe(false);
  });
});
