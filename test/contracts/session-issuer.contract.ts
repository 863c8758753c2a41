import type { SessionIssuer } from '../../src/nocobase-client/index.js';

/** An issuer, and what the contract needs to prepare and inspect it. */
export interface SessionIssuerUnderTest {
  readonly issuer: SessionIssuer;
  /** The authenticator that sessions must name. */
  readonly authenticator: string;
  seedUser(): Promise<number>;
  /** The user whom the system behind the session recognizes by the token; undefined for an invalid token. */
  userOf(token: string): Promise<number | undefined>;
  close?(): Promise<void>;
}

/** The behaviour of every SessionIssuer. */
export function describeSessionIssuer(name: string, make: () => Promise<SessionIssuerUnderTest>): void {
  describe(`SessionIssuer: ${name}`, () => {
    let under: SessionIssuerUnderTest;

    beforeAll(async () => {
      under = await make();
    });
    afterAll(async () => under?.close?.());

    it('issues a session that signs in the user, and nobody else', async () => {
      const [one, another] = [await under.seedUser(), await under.seedUser()];
      const [first, second] = [await under.issuer.issueFor(one), await under.issuer.issueFor(another)];

      await expect(under.userOf(first.token)).resolves.toBe(one);
      await expect(under.userOf(second.token)).resolves.toBe(another);
    });

    it('names the authenticator', async () => {
      const session = await under.issuer.issueFor(await under.seedUser());

      expect(session.authenticator).toBe(under.authenticator);
    });

    it('gives every sign-in its own token, even at the same moment', async () => {
      const user = await under.seedUser();
      const sessions = await Promise.all(Array.from({ length: 20 }, () => under.issuer.issueFor(user)));

      expect(new Set(sessions.map(({ token }) => token)).size).toBe(20);
      for (const { token } of sessions) await expect(under.userOf(token)).resolves.toBe(user);
    });

    it('returns a token that needs no escaping in a URL', async () => {
      const { token } = await under.issuer.issueFor(await under.seedUser());

      expect(encodeURIComponent(token)).toBe(token);
    });

    it('accepts no modified token', async () => {
      const { token } = await under.issuer.issueFor(await under.seedUser());

      for (const changed of [`${token}x`, token.slice(0, -4), token.replace(/.$/, ''), '']) {
        await expect(under.userOf(changed)).resolves.toBeUndefined();
      }
    });
  });
}
