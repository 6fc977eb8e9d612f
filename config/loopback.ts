/**
 * Whether a URL names this machine: 127.0.0.0/8, `localhost` or `[::1]`, over http or https.
 * Nothing local may reach a real account, so whatever cannot be parsed is not loopback.
 */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return loopback && (protocol === 'http:' || protocol === 'https:');
}
