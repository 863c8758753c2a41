import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Failure, ReplacingFailure } from './failures.js';
import { jsonAnswer, type Answer, type Call } from './http.js';
import { platformFailure } from './platform-failures.js';
import { REDIRECT_TARGET } from './redirect-target.js';
import { huge, mislabelled, stringly, truncated, withProtoKeys } from './spoiled-answers.js';
import type { Generation } from './state.js';

export interface Delivery {
  call: Call;
  generation: Generation;
  /** Handles the request. Called at most once, and not at all if a failure replaces it. */
  produce: () => Answer;
  response: ServerResponse;
  /** Ends the wait if the client disconnects or the sandbox closes. */
  signal: AbortSignal;
  /** Called before the first byte is sent, so that a test that has its answer also finds it in the log. */
  record: (status: number, code: string) => void;
}

export async function deliver(delivery: Delivery, failure: Failure | undefined): Promise<void> {
  if (failure === undefined) return send(delivery, delivery.produce());
  if (typeof failure === 'object') return deliverObject(delivery, failure);
  switch (failure) {
    case 'drop-after-burn':
      delivery.produce();
      return drop(delivery);
    case 'truncated-json':
      return send(delivery, truncated(delivery.produce()));
    case 'wrong-content-type':
      return send(delivery, mislabelled(delivery.produce()));
    case 'proto-keys':
      return send(delivery, withProtoKeys(delivery.produce()));
    case 'string-code':
      return send(delivery, stringly(delivery.produce()));
    case 'huge-body':
      return send(delivery, huge(delivery.produce()));
    default:
      return deliverReplacement(delivery, failure);
  }
}

async function deliverObject(delivery: Delivery, failure: Exclude<Failure, string>): Promise<void> {
  if ('delayMs' in failure) {
    const answer = delivery.produce();
    await pause(failure.delayMs, undefined, { signal: delivery.signal });
    return send(delivery, answer);
  }
  if ('until' in failure) {
    const answer = delivery.produce();
    await failure.until;
    return send(delivery, answer);
  }
  if ('slowBodyMs' in failure) return drip(delivery, delivery.produce(), failure.slowBodyMs);
  const { status, body, contentType } = failure;
  const answer = jsonAnswer(status, body, 'custom');
  return send(delivery, {
    ...answer,
    ...(typeof body === 'string' && { body }),
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  });
}

async function deliverReplacement(delivery: Delivery, failure: ReplacingFailure): Promise<void> {
  switch (failure) {
    case 'drop':
      return drop(delivery);
    case 'gzip-bomb':
      return deliverBomb(delivery);
    case 'redirect':
      return send(delivery, { status: 302, headers: { location: REDIRECT_TARGET }, body: '', code: 'redirect' });
    case 'ban-json':
      // A ban of the client address is not an API error body: HTTP 200 and five minutes of waiting.
      return send(
        delivery,
        jsonAnswer(200, { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'sandbox' }, 'ban'),
      );
    case 'html-ban':
      return send(delivery, {
        status: 200,
        headers: { 'content-type': 'text/html;charset=UTF-8' },
        body: '<!doctype html><html><head><title>Access denied</title></head><body><h1>访问被拒绝</h1></body></html>',
        code: 'ban',
      });
    default:
      return send(
        delivery,
        platformFailure(failure, delivery.call, delivery.generation, REQUIRED_SCOPES[delivery.generation]),
      );
  }
}

/** The missing permission in an injected denial. */
const REQUIRED_SCOPES = { login: '', v1: 'Contact.User.Read', topapi: 'qyapi_get_member', oapi: 'qyapi_base' } as const;

function send({ response, record }: Delivery, answer: Answer): void {
  record(answer.status, answer.code);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) });
  response.end(answer.body);
}

function drop({ response, record }: Delivery): void {
  record(0, 'dropped');
  response.destroy();
}

const DRIPS = 20;

async function drip({ response, record, signal }: Delivery, answer: Answer, overMs: number): Promise<void> {
  const body = Buffer.from(answer.body);
  record(answer.status, answer.code);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  response.flushHeaders();
  const size = Math.ceil(body.length / DRIPS);
  for (let start = 0; start < body.length; start += size) {
    await pause(overMs / DRIPS, undefined, { signal });
    response.write(body.subarray(start, start + size));
  }
  response.end();
}

const BOMB_BYTES = 64 * 1024 * 1024;
let bomb: Promise<Buffer> | undefined;

/** About 64 KiB on the wire, a JSON string of 64 MiB once decompressed. Created on first use. */
async function deliverBomb({ response, record }: Delivery): Promise<void> {
  bomb ??= promisify(gzip)(
    Buffer.concat([Buffer.from('{"padding":"'), Buffer.alloc(BOMB_BYTES, 'x'), Buffer.from('"}')]),
  );
  const body = await bomb;
  record(200, 'gzip-bomb');
  response.writeHead(200, {
    'content-type': 'application/json;charset=UTF-8',
    'content-encoding': 'gzip',
    'content-length': String(body.length),
  });
  response.end(body);
}
