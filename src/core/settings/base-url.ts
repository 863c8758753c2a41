import { isLoopback, isPrivate } from './private-network.js';
import { type CrossRule, type Readable, type Rule, rule, type Settings } from './setting.js';

/** undefined if it is not a base URL: `http` or `https`, without user, query or fragment. */
export function parseBaseUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || /[\s\\]/.test(value)) return undefined;
  try {
    const url = new URL(value);
    const plain = !url.username && !url.password && !url.search && !url.hash;
    return plain && /^https?:$/.test(url.protocol) && /^https?:\/\//i.test(value) ? url : undefined;
  } catch {
    return undefined;
  }
}

export function isBaseUrl(value: string): boolean {
  return parseBaseUrl(value) !== undefined;
}

export function withoutSlash(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

const LOOPBACK_ONLY = 'must start with https:// (http:// only on localhost or a loopback address)';

/** `http` is allowed only for this machine. */
export const HTTPS_OR_LOOPBACK: Rule<string> = rule(LOOPBACK_ONLY, (value) => isSafe(parseBaseUrl(value)));

/** `http` is allowed for this machine, and for the private network if another setting accepts that. */
export function httpsOrAcceptedPrivate<S extends Settings>(
  of: keyof S & string,
  isAccepted: (values: Readable<S>) => boolean,
): CrossRule<S>[] {
  const urlIn = (values: Readable<S>): URL | undefined => parseBaseUrl(values[of]);
  const isInPrivate = (url: URL | undefined): boolean => url !== undefined && isPrivate(url.hostname);
  return [
    {
      of,
      ...rule(
        'must start with https:// (an internal CA will do: NODE_EXTRA_CA_CERTS), unless ALLOW_PRIVATE_HTTP=true accepts that sign-ins can be read and changed in this private network',
        (values: Readable<S>) => isSafe(urlIn(values)) || !isInPrivate(urlIn(values)) || isAccepted(values),
      ),
    },
    { of, ...rule(LOOPBACK_ONLY, (values: Readable<S>) => isSafe(urlIn(values)) || isInPrivate(urlIn(values))) },
  ];
}

/** An invalid address is reported by another rule. */
function isSafe(url: URL | undefined): boolean {
  return url === undefined || url.protocol === 'https:' || isLoopback(url.hostname);
}
