import type { SessionIssuer } from '../../src/nocobase-client/index.js';

/** An issuer, and what the contract needs beside it to prepare and to look. */
export interface SessionIssuerUnderTest {
  readonly issuer: SessionIssuer;
  /** The authenticator that sessions must name. */
  readonly authenticator: string;
  seedUser(): Promise<number>;
  /** Whom the system that the session is for takes the token's bearer for; undefined for a token that is no good. */
  userOf(token: string): Promise<number | undefined>;
  close?(): Promise<void>;
}

/** What every SessionIssuer does. */
export function describeSessionIssuer(name: string, make: () => Promise<SessionIssuerUnderTest>): void {
  describe(`SessionIssuer: ${name}`, () => {
    let under: SessionIssuerUnderTest;

    beforeAll(async () => {
      under = await make();
    });
    afterAll(async () => under?.close?.());

    it('issues a session that signs the user in, and nobody else', async () => {
      const [one, another] = [await under.seedUser(), await under.seedUser()];
      const [first, second] = [await under.issuer.issueFor(one), await under.issuer.issueFor(another)];

      await expect(under.userOf(first.token)).resolves.toBe(one);
      await expect(under.userOf(second.token)).resolves.toBe(another);
    });

    it('names the authenticator', async () => {
      const session = await under.issuer.issueFor(await under.seedUser());

      expect(session.authenticator).toBe(under.authenticator);
    });

    it('gives every sign-in a token of its own, also at the same moment', async () => {
      const user = await under.seedUser();
      const sessions = await Promise.all(Array.from({ length: 20 }, () => under.issuer.issueFor(user)));

      expect(new Set(sessions.map(({ token }) => token)).size).toBe(20);
      for (const { token } of sessions) await expect(under.userOf(token)).resolves.toBe(user);
    });

    it('gives a token that stands in an address as it is', async () => {
      const { token } = await under.issuer.issueFor(await under.seedUser());

      expect(encodeURIComponent(token)).toBe(token);
    });

    it('lets nobody in with a token that was changed', async () => {
      const { token } = await under.issuer.issueFor(await under.seedUser());

      for (const changed of [`${token}x`, token.slice(0, -4), token.replace(/.$/, ''), '']) {
        await expect(under.userOf(changed)).resolves.toBeUndefined();
      }
    });
  });
}
