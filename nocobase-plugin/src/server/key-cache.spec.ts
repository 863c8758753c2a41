import { jwtVerify } from 'jose';
import { StandInGateway, someSecret } from '../../../test/support/stand-in-gateway.js';
import { freshFor, Signer } from '../../../src/plugin-client/signing/signer.js';
import { KeyCache, KeysUnreachableError } from './key-cache.js';

const sign = async (signer: Signer): Promise<string> => signer.sign('test+jwt', freshFor(60));

describe('The keys of a gateway', () => {
  let gateway: StandInGateway;
  let cache: KeyCache;

  beforeEach(async () => {
    gateway = await StandInGateway.launch();
    cache = new KeyCache(gateway.url);
  });

  afterEach(async () => gateway.stop());

  const accepted = async (token: string): Promise<boolean> =>
    jwtVerify(token, cache.finder().find, { algorithms: ['EdDSA'] }).then(
      () => true,
      (error: { code?: string }) => {
        if (error instanceof KeysUnreachableError) throw error;
        return false;
      },
    );

  it('are fetched once, however many sign-ins there are', async () => {
    const token = await sign(gateway.signer);
    const all = await Promise.all(Array.from({ length: 20 }, async () => accepted(token)));
    expect(all.every(Boolean)).toBe(true);
    expect(gateway.asked).toHaveLength(1);
  });

  it('are fetched again immediately if a new one signs, right after the last fetch', async () => {
    expect(await accepted(await sign(gateway.signer))).toBe(true);
    gateway.signer = new Signer([someSecret()]);
    expect(await accepted(await sign(gateway.signer))).toBe(true);
    expect(gateway.asked).toHaveLength(2);
  });

  it('are not fetched more often if someone invents key names, and others who arrive meanwhile only wait', async () => {
    const strangers = new Signer([someSecret()]);
    // Signed beforehand, so that all of them arrive before the first answer.
    const crowd = await Promise.all(Array.from({ length: 60 }, async () => sign(strangers)));
    expect(await accepted(await sign(gateway.signer))).toBe(true);
    const first = await Promise.all(crowd.slice(30).map(accepted));
    expect([first.some(Boolean), gateway.asked.length]).toEqual([false, 2]);
    gateway.signer = new Signer([someSecret()]);
    const token = await sign(gateway.signer);
    const second = crowd.slice(0, 30).map(accepted);
    expect(await accepted(token)).toBe(true);
    expect((await Promise.all(second)).some(Boolean)).toBe(false);
    expect(gateway.asked).toHaveLength(3);
  });

  it('are verified and named from one fetch: another fetch in between changes neither', async () => {
    const stranger = new Signer([someSecret()]);
    const pinned = gateway.signer;
    // An attacker serves a key of their own and, while a signature is checked, the pinned key under the same name.
    const [name] = stranger.thumbprints();
    gateway.signer = stranger;
    const { find, thumbprint } = cache.finder();
    const token = await sign(stranger);
    const { payload } = await jwtVerify(
      token,
      async (header, input) => {
        const key = await find(header, input);
        gateway.signer = pinned;
        await cache.look();
        return key;
      },
      { algorithms: ['EdDSA'] },
    );
    expect(payload.jti).toBeDefined();
    expect(thumbprint()).toBe(name);
  });

  it('keep a limited number of requests waiting', async () => {
    const strangers = await sign(new Signer([someSecret()]));
    await accepted(await sign(gateway.signer));
    await accepted(strangers);
    const all = await Promise.allSettled(Array.from({ length: 300 }, async () => accepted(strangers)));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(200);
    // A request signed with a known key does not wait.
    expect(await accepted(await sign(gateway.signer))).toBe(true);
  });

  it('are available again as soon as the gateway is, and a known one stays valid meanwhile', async () => {
    const known = await sign(gateway.signer);
    expect(await accepted(known)).toBe(true);
    gateway.keys = (_request, response) => response.writeHead(503).end();
    const next = new Signer([someSecret()]);
    await expect(accepted(await sign(next))).rejects.toThrow(KeysUnreachableError);
    expect(cache.isFailing).toBe(true);
    expect(await accepted(known)).toBe(true);
    gateway.keys = undefined;
    gateway.signer = next;
    expect(await accepted(await sign(next))).toBe(true);
    expect(cache.isFailing).toBe(false);
  });

  it('have the names computed from them (RFC 7638), not those in the answer', async () => {
    const [key] = gateway.signer.publicKeys().keys;
    gateway.keys = (_request, response) => response.end(JSON.stringify({ keys: [{ ...key, kid: 'x'.repeat(43) }] }));
    expect(await cache.look()).toEqual([key!.kid]);
  });

  it.each([
    ['no JSON', 'keys'],
    ['no keys', '{"keys":{}}'],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: 21 }, () => ({})) })],
  ])('are unavailable from %s', async (_what, body) => {
    gateway.keys = (_request, response) => response.end(body);
    await expect(cache.look()).rejects.toThrow(KeysUnreachableError);
  });

  it.each([1, null, ['x'], { x: 1 }, 'x'.repeat(129)])('are not fetched for the name %j', async (kid) => {
    await cache.look();
    const [, payload, signature] = (await sign(gateway.signer)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid })).toString('base64url');
    expect(await accepted(`${header}.${payload}.${signature}`)).toBe(false);
    expect(gateway.asked).toHaveLength(1);
  });
});
