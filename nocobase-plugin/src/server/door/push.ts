import type { IncomingMessage } from 'node:http';
import type { Context } from '@nocobase/server';
import { MAX_PUSH_BODY_BYTES } from '../../../../src/core/organization-events/index.js';
import type { RateLimiter } from '../../../../src/core/limits/index.js';
import { clientAddress } from '../alone/client-address.js';
import type { Watches } from '../leavers/watches.js';
import type { Settings } from '../settings.js';
import type { PushLimit } from './push-limit.js';

/** The limit for an address that floods. An encrypted event about a hundred people is shorter. */
const SHORT_BYTES = 16 * 1024;

/** What the handler of DingTalk's calls needs. */
export interface PushParts {
  readonly watches: Pick<Watches, 'receive' | 'takesPush'>;
  readonly limit: PushLimit;
  readonly limiterOf: (settings: Settings) => RateLimiter;
}

/**
 * `POST <api>/dingtalk/events/<authenticator>`: DingTalk reports changes in its organization. Read here, before NocoBase's body
 * parser and request log, whose lines contain full bodies and URLs.
 */
export async function takePush(context: Context, authenticator: string, parts: PushParts): Promise<void> {
  const { watches, limit, limiterOf } = parts;
  context.set({ 'Cache-Control': 'no-store' });
  const settings = watches.takesPush(authenticator);
  if (settings === undefined) return answer(context, 404, { error: 'not_found' });
  const address = clientAddress(context.req, settings.trustedProxies);
  // A sender who disconnects while sending gets no answer and no log line: anyone could cause one.
  const body = await bodyOf(context.req, limit.isFlooding(address) ? SHORT_BYTES : MAX_PUSH_BODY_BYTES).catch(() => '');
  const answered =
    body === undefined
      ? { status: 413, body: { error: 'too_long' } }
      : await watches.receive(authenticator, { query: { ...context.query }, body: parsed(body) });
  const { status, body: said } = answered ?? { status: 404, body: { error: 'not_found' } };
  if (status !== 403 && status !== 413) return answer(context, status, said);
  const waitSeconds = await limit.refused(address, limiterOf(settings));
  if (waitSeconds === undefined) return answer(context, status, said);
  context.set({ 'Retry-After': String(waitSeconds) });
  answer(context, 429, { error: 'rate_limited' });
}

function answer(context: Context, status: number, body: object): void {
  context.status = status;
  context.type = 'json';
  context.body = JSON.stringify(body);
}

/** @returns undefined if the body is longer */
async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
