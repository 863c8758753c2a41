import { hash } from 'node:crypto';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { GatewayError } from '../core/errors/index.js';
import { FailureLines } from '../core/limits/index.js';
import { Telemetry } from '../telemetry/index.js';
import type { SignedIn } from './sign-in.service.js';

/** What is known about a sign-in so far. */
export interface Progress {
  subject?: string;
}

/** The request that ends a sign-in. */
interface SignInRequest {
  readonly requestId: string;
  readonly authenticator: string;
  /** Method and route pattern. */
  readonly route: string;
  /** The header of that name, unparsed. */
  readonly traceparent: unknown;
  /** The client's address: only for counting its lines, never logged. */
  readonly ip: string | undefined;
}

/**
 * One log line for each sign-in, and its metrics and trace: who, at which authenticator, the result, the duration. No
 * secret, code or token. Anyone can cause failures that name no person, so only the first few of an address are logged;
 * the others are counted.
 */
@Injectable()
export class SignInAudit {
  private readonly logger = new Logger('SignIn');
  private readonly lines = new FailureLines((withheld) =>
    this.logger.warn({ event: 'sign_in_failures_not_written', ...withheld }),
  );

  constructor(@Optional() private readonly telemetry: Telemetry = Telemetry.off) {}

  /** Runs a sign-in and logs it, whatever the outcome. */
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

/** Lets log lines be correlated without naming the person. */
function pseudonym(subject: string): string {
  return hash('sha256', subject, 'hex').slice(0, 16);
}
