import { hash } from 'node:crypto';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { GatewayError } from '../core/errors/index.js';
import { FailureLines } from '../core/limits/index.js';
import { Telemetry } from '../telemetry/index.js';
import type { SignedIn } from './sign-in.service.js';

/** What is known of a sign-in so far. */
export interface Progress {
  subject?: string;
}

/** Which sign-in, as the request says that ends it. */
interface SignInRequest {
  readonly requestId: string;
  readonly authenticator: string;
  /** Method and route pattern. */
  readonly route: string;
  /** The header of that name, unread. */
  readonly traceparent: unknown;
  /** The client's address: for how many lines it has had, never in one of them. */
  readonly ip: string | undefined;
}

/**
 * One line per sign-in, and its place in metrics and traces: who, at which authenticator, what came of it, how long it took.
 * No secret, code or token. Failures of nobody whom the provider has named are many where somebody tries: the first few of
 * an address have a line, the others are counted.
 */
@Injectable()
export class SignInAudit {
  private readonly logger = new Logger('SignIn');
  private readonly lines = new FailureLines((withheld) =>
    this.logger.warn({ event: 'sign_in_failures_not_written', ...withheld }),
  );

  constructor(@Optional() private readonly telemetry: Telemetry = Telemetry.off) {}

  /** Runs a sign-in and writes its line, whatever comes of it. */
  async record<T extends Pick<SignedIn, 'match' | 'userId'>>(
    { requestId, authenticator, route, traceparent, ip }: SignInRequest,
    signIn: (progress: Progress) => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    const progress: Progress = {};
    const subjectHash = (): string | undefined =>
      progress.subject === undefined ? undefined : pseudonym(progress.subject);
    const line = (outcome: object): object => ({
      event: 'sign_in',
      requestId,
      authenticator,
      route,
      subjectHash: subjectHash(),
      ...outcome,
      durationMs: Math.round(performance.now() - started),
    });
    return this.telemetry.signIn({ requestId, authenticator, route, traceparent, subjectHash }, async () => {
      try {
        const done = await signIn(progress);
        this.logger.log(line({ outcome: 'success', match: done.match, userId: done.userId }));
        return done;
      } catch (error) {
        const code = error instanceof GatewayError ? error.code : 'server_error';
        const detail = error instanceof GatewayError ? error.detail : undefined;
        if (progress.subject !== undefined || this.lines.mayWrite(ip, code)) {
          this.logger.warn(line({ outcome: 'failure', code, detail }));
        }
        throw error;
      }
    });
  }
}

/** Lets two lines be tied together without naming the person. */
function pseudonym(subject: string): string {
  return hash('sha256', subject, 'hex').slice(0, 16);
}
