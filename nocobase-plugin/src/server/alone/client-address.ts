import type { IncomingMessage } from 'node:http';
import proxyaddr from '@fastify/proxy-addr';
import { LRUCache } from 'lru-cache';

type Trust = (address: string, distance: number) => boolean;

/** One compiled list of proxies per authenticator. */
const compiled = new LRUCache<string, Trust>({ max: 100 });

/**
 * The client address of a request, for limits. NocoBase itself takes the first address in `X-Forwarded-For`, which anyone can
 * forge; here only the proxies that an administrator has listed are trusted.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: readonly string[]): string {
  return proxyaddr(request, trustIn(trustedProxies));
}

/** Whether this address is one of the listed proxies. */
export function isTrustedProxy(address: string, trustedProxies: readonly string[]): boolean {
  return trustIn(trustedProxies)(address, 0);
}

function trustIn(trustedProxies: readonly string[]): Trust {
  const key = trustedProxies.join();
  const trust = compiled.get(key) ?? proxyaddr.compile([...trustedProxies]);
  compiled.set(key, trust);
  return trust;
}
