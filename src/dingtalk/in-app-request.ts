import { z } from 'zod';
import { InvalidRequestError } from '../core/errors/index.js';
import { STATE_PATTERN } from '../auth/index.js';
import { isCode } from './authorization-code.js';

const answer = z.strictObject({
  code: z.string().refine((code) => isCode(code)),
  state: z.string().regex(STATE_PATTERN),
});

/** What our page posts: the code that DingTalk's client gave it, and the state it was served with. */
export type InAppAnswer = z.output<typeof answer>;

/** @throws InvalidRequestError */
export function readInAppAnswer(body: unknown): InAppAnswer {
  const read = answer.safeParse(body);
  if (!read.success) throw new InvalidRequestError('not the code and the state that the page posts');
  return read.data;
}
