import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '../errors/index.js';
import type { MatchedUser } from './sign-in.service.js';

/** What is known of a sign-in so far. */
interface Progress {
  subject?: string;
}

/** One line per sign-in: who, at which authenticator, what came of it, how long it took. No secret, code or token. */
@Injectable()
export class SignInAudit {
  private readonly logger = new Logger('SignIn');

  /** Runs a sign-in and writes its line, whatever comes of it. */
  async record<T extends MatchedUser>(
    context: { requestId: string; authenticator: string },
    signIn: (progress: Progress) => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    const progress: Progress = {};
    const line = (outcome: object): object => ({
      event: 'sign_in',
      ...context,
      subjectHash: progress.subject === undefined ? undefined : hash(progress.subject),
      ...outcome,
      durationMs: Math.round(performance.now() - started),
    });
    try {
      const done = await signIn(progress);
      this.logger.log(line({ outcome: 'success', match: done.match, userId: done.userId }));
      return done;
    } catch (error) {
      const code = error instanceof GatewayError ? error.code : 'server_error';
      const detail = error instanceof GatewayError ? error.detail : undefined;
      this.logger.warn(line({ outcome: 'failure', code, detail }));
      throw error;
    }
  }
}

/** Lets two lines be tied together without naming the person. */
function hash(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 16);
}
