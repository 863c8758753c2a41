import type { IncomingMessage } from 'node:http';
import { type DingTalkCallback, readCallback } from '../../../../src/core/dingtalk/index.js';
import { InvalidRequestError } from '../../../../src/core/errors/index.js';
import { ANSWER_HEADER, IN_APP_HEADER, MAX_ANSWER_LENGTH } from '../../../../src/core/plugin-protocol/index.js';
import type { Flow } from '../../../../src/core/sign-in/index.js';
import { DETAIL } from '../texts.js';

/** DingTalk's answer as our page passes it on, unparsed, and the flow that it arrived by. */
export interface GivenAnswer {
  readonly flow: Flow;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

/** Requests that the door has counted (`door/door.ts`). */
const counted = new WeakMap<object, GivenAnswer>();

/**
 * The answer that a request brings to NocoBase's sign-in. NocoBase accepts several spellings of one address, and any method: a
 * request that differs from those of our pages was not counted, and is treated as bringing none.
 */
export function givenAnswer(request: IncomingMessage): GivenAnswer | undefined {
  return counted.get(request);
}

export function takeAsCounted(request: IncomingMessage, answer: GivenAnswer): void {
  counted.set(request, answer);
}

/** @returns undefined if the request brings none */
export function answerIn({ headers }: Pick<IncomingMessage, 'headers'>): GivenAnswer | undefined {
  const found = [
    ['browser', headers[ANSWER_HEADER.toLowerCase()]],
    ['in-app', headers[IN_APP_HEADER.toLowerCase()]],
  ] as const;
  const [flow, text] = found.find(([, value]) => value !== undefined) ?? [];
  if (flow === undefined) return undefined;
  return { flow, query: typeof text === 'string' && text.length <= MAX_ANSWER_LENGTH ? queryIn(text) : {} };
}

/** @throws InvalidRequestError, InvalidStateError */
export function readAnswer({ flow, query }: GivenAnswer, codePattern: RegExp | undefined): DingTalkCallback {
  const answer = readCallback(query, codePattern);
  if (flow === 'in-app' && answer.kind !== 'code') throw new InvalidRequestError(DETAIL.dingtalk.noCode.en);
  return answer;
}

/** A repeated parameter stays a list, and is rejected later. */
function queryIn(text: string): Record<string, string | readonly string[]> {
  const parameters = new URLSearchParams(text);
  const query: Record<string, string | readonly string[]> = Object.create(null) as Record<string, string>;
  for (const name of new Set(parameters.keys())) {
    const [first = '', ...more] = parameters.getAll(name);
    query[name] = more.length === 0 ? first : [first, ...more];
  }
  return query;
}
