import { type NocoBaseSession, SessionIssuer } from '../../src/nocobase-client/index.js';

/** Unsigned sessions: the token names its user, and each one is different. */
export class InMemorySessionIssuer extends SessionIssuer {
  readonly issued: { readonly userId: number; readonly token: string }[] = [];

  constructor(private readonly authenticator = 'dingtalk') {
    super();
  }

  override async issueFor(userId: number): Promise<NocoBaseSession> {
    const token = `session-${this.issued.length + 1}-of-user-${userId}`;
    this.issued.push({ userId, token });
    return { token, authenticator: this.authenticator };
  }

  async userOf(token: string): Promise<number | undefined> {
    return this.issued.find((session) => session.token === token)?.userId;
  }
}
