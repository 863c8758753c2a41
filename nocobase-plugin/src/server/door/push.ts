import type { IncomingMessage } from 'node:http';
import type { Context } from '@nocobase/server';
import { MAX_PUSH_BODY_BYTES } from '../../../../src/core/organization-events/index.js';
import type { Watches } from '../leavers/watches.js';

/**
 * `POST <api>/dingtalk/events/<authenticator>`: DingTalk reports changes in its organization. Read here, before NocoBase's body
 * parser and request log, whose lines contain full bodies and URLs.
 */
export async function takePush(context: Context, authenticator: string, watches: Watches): Promise<void> {
  context.set({ 'Cache-Control': 'no-store' });
  if (!watches.takesPush(authenticator)) return answer(context, 404, { error: 'not_found' });
  // A sender who disconnects while sending gets no answer and no log line: anyone could cause one.
  const body = await bodyOf(context.req).catch(() => '');
  if (body === undefined) return answer(context, 413, { error: 'too_long' });
  const answered = await watches.receive(authenticator, { query: { ...context.query }, body: parsed(body) });
  answer(context, answered?.status ?? 404, answered?.body ?? { error: 'not_found' });
}

function answer(context: Context, status: number, body: object): void {
  context.status = status;
  context.type = 'json';
  context.body = JSON.stringify(body);
}

/** @returns undefined if the body is longer than any that DingTalk sends */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.byteLength;
    if (bytes > MAX_PUSH_BODY_BYTES) return undefined;
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
