import type { IncomingMessage } from 'node:http';
import proxyaddr from '@fastify/proxy-addr';
import { LRUCache } from 'lru-cache';

type Trust = (address: string, distance: number) => boolean;

/** As many lists of proxies as there are authenticators, each compiled once. */
const compiled = new LRUCache<string, Trust>({ max: 100 });

/**
 * Whose request this is, for limits. NocoBase itself takes the first address in `X-Forwarded-For`, which anybody may write:
 * here only proxies count that an administrator has named.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: readonly string[]): string {
  return proxyaddr(request, trustIn(trustedProxies));
}

/** Whether this is one of them. */
export function isTrustedProxy(address: string, trustedProxies: readonly string[]): boolean {
  return trustIn(trustedProxies)(address, 0);
}

function trustIn(trustedProxies: readonly string[]): Trust {
  const key = trustedProxies.join();
  const trust = compiled.get(key) ?? proxyaddr.compile([...trustedProxies]);
  compiled.set(key, trust);
  return trust;
}
