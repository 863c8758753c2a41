const PRIVATE_IPV4 = /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^\[f[cd][0-9a-f]{2}:/;
const PRIVATE_NAME = /\.(local|lan|internal|home\.arpa)$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * Whether a host name, as `URL` writes it, is one of a private network: RFC 1918, RFC 6598 (shared), RFC 4193 (unique
 * local), names of one label, and `.local`, `.lan`, `.internal`, `.home.arpa`. Link-local addresses are none: anybody on
 * the wire may take one. Loopback is another question.
 */
export function isPrivateHost(hostname: string): boolean {
  if (IPV4.test(hostname)) return PRIVATE_IPV4.test(hostname);
  if (hostname.startsWith('[')) return PRIVATE_IPV6.test(hostname);
  return PRIVATE_NAME.test(hostname) || /^[a-z][a-z0-9_-]*$/.test(hostname);
}
