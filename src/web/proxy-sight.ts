import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { isInsideAddress, plainAddress } from '../core/limits/index.js';
import { LOG } from '../core/texts/index.js';

/** `doctor` uses the first header to ask what the gateway sees of a request, and gets the answer in the second. */
export const SIGHT_QUESTION = 'x-gateway-doctor';
export const SIGHT_ANSWER = 'x-gateway-sight';
const VALID_MS = 60_000;
/** Limits the log, because anyone can send the header. */
const MAX_NAMED = 4;

/** The sender of a request's `X-Forwarded-For`, and whether it is trusted. */
export interface Sight {
  /** The address of the connection's peer. */
  readonly peer: string;
  readonly isForwarded: boolean;
  readonly isTrusted: boolean;
}

/** The gateway's settings that this needs. */
interface SightSettings {
  readonly app: { readonly trustedProxies: readonly string[] };
  readonly auth: { readonly cookieSecrets: readonly [string, ...string[]] };
}

/** Only a sender with the gateway's own secret may ask. */
export function sightQuestion([secret]: SightSettings['auth']['cookieSecrets'], now = Date.now()): string {
  return `${now}.${proof(secret, String(now))}`;
}

export function readSight(answer: unknown): Sight | undefined {
  const [peer, forwarded, trusted] = typeof answer === 'string' ? answer.split(' ') : [];
  return peer === undefined || !ipaddr.isValid(peer)
    ? undefined
    : { peer, isForwarded: forwarded === 'forwarded', isTrusted: trusted === 'trusted' };
}

/**
 * Detects a proxy that is missing in `TRUST_PROXY`: then a whole company is one address to the rate limit, and nothing
 * else shows it.
 */
export class ProxySight {
  private readonly named = new Set<string>();

  constructor(
    private readonly settings: SightSettings,
    private readonly logger: LoggerService,
  ) {}

  /** Logged once for each proxy. @returns the response for the doctor, if that is the sender */
  look({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
    const isForwarded = headers['x-forwarded-for'] !== undefined;
    const question = headers[SIGHT_QUESTION];
    if (!isForwarded && question === undefined) return undefined;
    const peer = plainAddress(socket.remoteAddress);
    if (peer === undefined) return undefined;
    const isTrusted = isIn(peer, this.settings.app.trustedProxies);
    if (isForwarded && !isTrusted) this.notice(peer);
    if (typeof question !== 'string' || !this.isDoctors(question)) return undefined;
    return `${peer} ${isForwarded ? 'forwarded' : 'direct'} ${isTrusted ? 'trusted' : 'untrusted'}`;
  }

  private notice(peer: string): void {
    if (this.named.has(peer) || this.named.size >= MAX_NAMED) return;
    // Anyone on the internet may send the header, so all public addresses take one place and are not offered for
    // copying.
    const isInside = isInsideAddress(peer);
    if (!isInside && this.named.has('outside')) return;
    this.named.add(isInside ? peer : 'outside');
    this.logger.warn({
      event: 'untrusted_proxy',
      peer,
      ...(isInside ? { set: `TRUST_PROXY=${[...this.settings.app.trustedProxies, peer].join(',')}` } : {}),
      notice: (isInside ? LOG.untrustedProxy : LOG.untrustedStranger).en,
    });
  }

  private isDoctors(question: string): boolean {
    const [time = '', given = ''] = question.split('.');
    if (!/^\d{13}$/.test(time) || Math.abs(Date.now() - Number(time)) > VALID_MS) return false;
    return this.settings.auth.cookieSecrets.some((secret) => {
      const [expected, received] = [Buffer.from(proof(secret, time)), Buffer.from(given)];
      return expected.length === received.length && timingSafeEqual(expected, received);
    });
  }
}

function proof(secret: string, time: string): string {
  return createHmac('sha256', secret).update(`doctor asks what the gateway sees, at ${time}`).digest('base64url');
}

function isIn(peer: string, ranges: readonly string[]): boolean {
  const address = ipaddr.process(peer);
  return ranges.some((range) => {
    if (!range.includes('/')) return plainAddress(range) === peer;
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}
