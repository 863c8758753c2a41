import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { EventListener } from '../../leavers/index.js';
import { Deliveries } from '../deliveries.js';
import { type Moments, realMoments } from '../moments.js';
import { eventOfPush } from '../parse.js';
import { type Opened, PushCipher } from './cipher.js';
import { isSignedBy, signatureOf } from './signature.js';

/** Body size limit: a thousand ids, encrypted, are below 100 KiB. */
export const MAX_PUSH_BODY_BYTES = 256 * 1024;
/** Tolerated difference between DingTalk's clock and ours, in either direction. */
const WINDOW_MS = 5 * 60_000;
/** Remembered deliveries; more within the window are refused, and sent again. */
const MAX_REMEMBERED = 10_000;

export interface PushOptions {
  /** Token and EncodingAESKey of the developer console. */
  readonly token: string;
  readonly aesKey: string;
  /** Whom DingTalk encrypts for: the Client ID, or the CorpId if the subscription was created by an API call. */
  readonly owners: readonly string[];
}

/** For the log; the caller sees none of them. */
export const PUSH_REFUSALS = [
  'malformed',
  'signature',
  'stale',
  'replayed',
  'unreadable',
  'other_owner',
  'busy',
] as const;
export type PushRefusal = (typeof PUSH_REFUSALS)[number];
export type PushNotice = 'event' | 'check' | 'later' | 'unreadable_event' | PushRefusal;

export interface PushHost {
  readonly listener: EventListener;
  readonly notice?: (notice: PushNotice) => void;
  readonly moments?: Moments;
}

export interface PushAnswer {
  readonly status: 200 | 403 | 503;
  /** Sent as JSON. */
  readonly body: object;
}

const short = z.string().min(1).max(64);
const query = z.object({
  timestamp: z.string().regex(/^\d{10,13}$/),
  nonce: short,
  signature: short.optional(),
  msg_signature: short.optional(),
});
const body = z.object({ encrypt: z.string().min(1).max(MAX_PUSH_BODY_BYTES) });

const REFUSED: PushAnswer = { status: 403, body: { error: 'refused' } };
/** Anything but the encrypted `success` makes DingTalk send it again, after 10 and after 30 s. */
const AGAIN: PushAnswer = { status: 503, body: { error: 'later' } };

/** When a callback URL is saved, DingTalk checks that it is ours; the older checks expect their own text back. */
const CHECKS = ['check_url', 'check_create_suite_url', 'check_update_suite_url'];
const check = z.object({ EventType: z.string(), Random: short.optional() });

interface Delivery {
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly encrypt: string;
}

/**
 * Receives events by HTTP push. An event is accepted only if it is signed with the token, encrypted with the key, meant
 * for this application, recent, and new. https://open.dingtalk.com/document/development/http-callback-overview
 */
export class PushReceiver {
  private readonly cipher: PushCipher;
  private readonly moments: Moments;
  private readonly deliveries: Deliveries;
  /** Signatures of accepted deliveries, kept while their timestamp is valid. */
  private readonly used: LRUCache<string, true>;

  /** @throws if the key is invalid */
  constructor(
    private readonly options: PushOptions,
    private readonly host: PushHost,
  ) {
    this.cipher = new PushCipher(options.aesKey);
    this.moments = host.moments ?? realMoments;
    this.deliveries = new Deliveries(host.listener, this.moments);
    const perf = { now: () => this.moments.now() };
    this.used = new LRUCache({ max: MAX_REMEMBERED, ttl: 2 * WINDOW_MS, ttlResolution: 0, perf });
  }

  /**
   * Never fails.
   *
   * @param received the query as a server reads it, and the body parsed from JSON of at most `MAX_PUSH_BODY_BYTES`
   */
  async receive(received: { readonly query: unknown; readonly body: unknown }): Promise<PushAnswer> {
    const delivery = read(received.query, received.body);
    if (delivery === undefined) return this.refuse('malformed');
    if (!isSignedBy(this.options.token, delivery, delivery.signature)) return this.refuse('signature');
    if (Math.abs(momentOf(delivery.timestamp) - this.moments.now()) > WINDOW_MS) return this.refuse('stale');
    const opened = this.cipher.open(delivery.encrypt);
    if (opened === undefined) return this.refuse('unreadable');
    if (!this.options.owners.includes(opened.owner)) return this.refuse('other_owner');
    return this.once(delivery, async () => this.take(opened));
  }

  /** A delivery that was not noted may come again unchanged. */
  private async once({ signature }: Delivery, take: () => Promise<PushAnswer>): Promise<PushAnswer> {
    // Normalized: in upper case it is the same delivery, and each spelling would take a place.
    const name = signature.toLowerCase();
    this.used.purgeStale();
    if (this.used.has(name)) return this.refuse('replayed');
    // Evicting one to remember another would allow the first to be replayed.
    if (this.used.size >= MAX_REMEMBERED) return this.refuse('busy');
    this.used.set(name, true);
    const answer = await take();
    if (answer.status !== 200) this.used.delete(name);
    return answer;
  }

  private async take({ text, owner }: Opened): Promise<PushAnswer> {
    const content = parseJson(text);
    const asked = check.safeParse(content).data;
    if (asked !== undefined && CHECKS.includes(asked.EventType)) {
      this.notice('check');
      return this.reply(asked.Random ?? 'success', owner);
    }
    const event = eventOfPush(content, this.moments.now());
    if (event === undefined) {
      // Sending it again would not help; the nightly check does without it.
      this.notice('unreadable_event');
      return this.reply('success', owner);
    }
    this.notice('event');
    if ((await this.deliveries.deliver(event)) === 'noted') return this.reply('success', owner);
    this.notice('later');
    return AGAIN;
  }

  private reply(text: string, owner: string): PushAnswer {
    const timestamp = String(this.moments.now());
    const nonce = randomBytes(8).toString('hex');
    const encrypt = this.cipher.seal({ text, owner });
    const signature = signatureOf(this.options.token, { timestamp, nonce, encrypt });
    return { status: 200, body: { msg_signature: signature, timeStamp: timestamp, nonce, encrypt } };
  }

  private refuse(why: PushRefusal): PushAnswer {
    this.notice(why);
    return why === 'busy' ? AGAIN : REFUSED;
  }

  private notice(notice: PushNotice): void {
    this.host.notice?.(notice);
  }
}

/** Deliveries name their signature either way, or both; then both must be equal. */
function read(givenQuery: unknown, givenBody: unknown): Delivery | undefined {
  const asked = query.safeParse(givenQuery).data;
  const sent = body.safeParse(givenBody).data;
  if (asked === undefined || sent === undefined) return undefined;
  const signature = asked.msg_signature ?? asked.signature;
  if (signature === undefined || (asked.signature !== undefined && asked.signature !== signature)) return undefined;
  return { timestamp: asked.timestamp, nonce: asked.nonce, signature, encrypt: sent.encrypt };
}

/** Milliseconds; the vendor's own sample has seconds. */
const momentOf = (timestamp: string): number => Number(timestamp) * (timestamp.length === 10 ? 1000 : 1);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
