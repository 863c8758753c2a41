import { isLoopback, isPrivate } from '../../../src/core/settings/form-rules.js';

/** Where a cluster of Kubernetes has its services, short of `.cluster.local`: of use to NocoBase's server, to no browser. */
const SERVICE = /.\.svc$/;

/** An address as it is kept: without a slash at its end. */
export function withoutSlash(address: string): string {
  const text = address.trim();
  let end = text.length;
  // Not by a regular expression: of many slashes with something behind them it would try every one.
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Where NocoBase's server asks a gateway. */
export function keysAddress(settings: { readonly gatewayUrl: string; readonly gatewayInternalUrl: string }): string {
  return settings.gatewayInternalUrl || settings.gatewayUrl;
}

/** Whether what is asked there is on its way through a network as plain text, so that somebody else may answer. */
export function isOverPlainHttp(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname);
}

/** Whether this is an address at all; a NocoBase may be at `http` in a network of its own, under any name. */
export function isAddress(address: string): boolean {
  return plainUrl(address) !== undefined;
}

/**
 * Whether this is an address that browsers may be sent to: `https`, `http` on this very machine, or in a private network
 * where the administrator allows it.
 */
export function isPublicAddress(address: string, allowPrivateHttp: boolean): boolean {
  const url = plainUrl(address);
  if (url === undefined) return false;
  return url.protocol === 'https:' || isLoopback(url.hostname) || (allowPrivateHttp && isPrivate(url.hostname));
}

/** Whether browsers would be sent to `http` in a private network: an administrator may allow it. */
export function isPrivateHttp(address: string): boolean {
  const url = plainUrl(address);
  return url !== undefined && url.protocol === 'http:' && isPrivate(url.hostname);
}

/** Whether NocoBase's server may ask here: also `http` inside a network of one's own. */
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

/** As `URL.parse`, which the browsers that show the form need not have. */
function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Where servers see more than browsers do. */
function isInside(hostname: string): boolean {
  return isPrivate(hostname) || SERVICE.test(hostname);
}
