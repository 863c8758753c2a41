import { z } from 'zod';
import { CHALLENGE_PATTERN } from '../plugin-protocol/index.js';
import { Seal } from '../sealed/index.js';
import { STATE_PATTERN } from './sign-in-transaction.js';

const transaction = z.object({
  state: z.string().regex(STATE_PATTERN),
  authenticator: z.string(),
  returnPath: z.string().startsWith('/'),
  flow: z.enum(['browser', 'in-app']),
  organization: z.string().min(1).optional(),
  challenge: z.string().regex(CHALLENGE_PATTERN).optional(),
  /** In milliseconds since 1970. Only for metrics, so it may be missing. */
  startedAt: z.number().optional(),
});

/** Seals transactions into cookies. */
export class TransactionSeal extends Seal<typeof transaction> {
  constructor(secrets: readonly [string, ...string[]]) {
    super(secrets, 'sign-in transaction cookie', transaction);
  }
}
