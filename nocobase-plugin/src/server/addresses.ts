import { isLoopback, isPrivate } from '../../../src/core/settings/form-rules.js';

/** Names of services in a Kubernetes cluster end like this, without `.cluster.local`: useful to NocoBase's server, never to a browser. */
const SERVICE = /.\.svc$/;

/** An address as stored: without a trailing slash. */
export function withoutSlash(address: string): string {
  const text = address.trim();
  let end = text.length;
  // Not a regular expression: with many slashes before other text it would try each of them.
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Where NocoBase's server reaches a gateway. */
export function keysAddress(settings: { readonly gatewayUrl: string; readonly gatewayInternalUrl: string }): string {
  return settings.gatewayInternalUrl || settings.gatewayUrl;
}

/** Whether requests to it cross a network in plain text, where an attacker could answer instead. */
export function isOverPlainHttp(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname);
}

/** Whether this is an address at all; a NocoBase may use `http` in a private network, under any name. */
export function isAddress(address: string): boolean {
  return plainUrl(address) !== undefined;
}

/**
 * Whether browsers may be redirected to this address: `https`, `http` on the same machine, or `http` in a private network if the
 * administrator allows it.
 */
export function isPublicAddress(address: string, allowPrivateHttp: boolean): boolean {
  const url = plainUrl(address);
  if (url === undefined) return false;
  return url.protocol === 'https:' || isLoopback(url.hostname) || (allowPrivateHttp && isPrivate(url.hostname));
}

/** Whether browsers would be redirected to `http` in a private network, which an administrator may allow. */
export function isPrivateHttp(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && url.protocol === 'http:' && isPrivate(url.hostname);
}

/** Whether NocoBase's server may send requests here; `http` in a private network is allowed as well. */
export function isServerAddress(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && (url.protocol === 'https:' || isLoopback(url.hostname) || isInside(url.hostname));
}

function plainUrl(address: string): URL | undefined {
  const url = address.length > 2048 ? undefined : parsed(address);
  if (url === undefined) return undefined;
  const isPlain = url.username === '' && url.password === '' && !/[?#\s\\]/.test(address);
  return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** Like `URL.parse`, which the browsers that show the form may not have. */
function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Host names that resolve for servers but not for browsers. */
function isInside(hostname: string): boolean {
  return isPrivate(hostname) || SERVICE.test(hostname);
}
