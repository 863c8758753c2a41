import { randomBytes, randomInt } from 'node:crypto';
import {
  ASSERTION_HEADER,
  ASSERTION_TYPE,
  GATEWAY_REFUSALS,
  type PluginSettings,
  TICKET_TYPE,
} from '../src/core/plugin-protocol/index.js';
import { freshFor, Signer } from '../src/plugin-client/signing/signer.js';
import { type AuthenticatorRow as Row, DingTalkForms, somebody } from './support/dingtalk-forms.js';
import { eventually } from './support/eventually.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { someSecret, StandInGateway } from './support/stand-in-gateway.js';

describe('Requests that anyone can send to a real NocoBase with the plugin', () => {
  /** Everything that NocoBase logs, down to its finest level. */
  const log: string[] = [];
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let forms: DingTalkForms;

  beforeAll(async () => {
    [nocobase, gateway] = await Promise.all([
      launchWithPlugin({ env: { NB_LOG: 'debug' }, onProgress: (line) => log.push(line) }),
      StandInGateway.launch(),
    ]);
    forms = new DingTalkForms(nocobase, gateway, { clientSecret: 'a-client-secret', autoSignUp: true });
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await gateway?.stop();
  });

  const complete = (changes?: object): object => forms.complete(changes);
  const create = async (options: object, row?: object): Promise<Row> => forms.create(options, row);

  const post = async (action: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${nocobase.url}/api/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  const asked = async (assertion: string): Promise<{ status: number; code: string | undefined }> => {
    const response = await fetch(`${nocobase.url}/api/dingtalk:settings`, {
      headers: { [ASSERTION_HEADER]: assertion },
    });
    const body = (await response.json()) as { errors?: { code: string }[] };
    return { status: response.status, code: body.errors?.[0]?.code };
  };

  it('bring a Client Secret into no log, whatever the reason for their refusal', async () => {
    const canary = `canary-${randomBytes(8).toString('hex')}`;
    await nocobase.call('POST', 'users:create', {
      nickname: 'Member',
      username: 'member',
      password: 'Member-123',
      roles: ['member'],
    });
    const signedIn = await post('auth:signIn', JSON.stringify({ account: 'member', password: 'Member-123' }));
    const { data } = (await signedIn.json()) as { data: { token: string } };
    const { id } = await create(complete());
    const root = { authorization: `Bearer ${nocobase.apiKey}` };
    const row = (clientSecret: unknown): object => ({
      name: `dingtalk-${randomInt(1e9)}`,
      authType: 'DingTalk',
      options: complete({ clientSecret, gatewayUrl: 'ftp://not-an-address' }),
    });
    const bodies: readonly object[] = [
      row(canary),
      row(`slip:${canary}`),
      row({ secret: canary }),
      row([canary]),
      row(`${canary}${'x'.repeat(5000)}`),
      [row(canary), row(`${canary}-2`)],
      { values: row(canary) },
      { 'options.clientSecret': canary },
      { ...row(canary), options: JSON.stringify({ clientSecret: canary }) },
    ];
    const seen = new Set<number>();
    for (const headers of [{}, { authorization: 'Bearer x.y.z' }, { authorization: `Bearer ${data.token}` }, root]) {
      for (const body of bodies) {
        for (const action of ['authenticators:create', `authenticators:update?filterByTk=${id}`]) {
          seen.add((await post(action, JSON.stringify(body), headers)).status);
        }
      }
      await post('users:update?filterByTk=0', JSON.stringify({ authenticators: [row(canary)] }), headers);
    }
    // Expired or missing session, missing role, invalid settings.
    expect([...seen]).toEqual(expect.arrayContaining([401, 403, 400]));
    expect(log.join('\n')).toContain('authenticators:create');
    expect(log.filter((line) => line.includes(canary))).toEqual([]);
  }, 60_000);

  it('cannot corrupt what other types of authenticators store', async () => {
    const options = { clientSecret: 'of-another-type', oidc: { clientSecret: 'deeper' } };
    const { id, options: saved } = await create(options, { authType: 'Email/Password', enabled: false });
    expect(saved).toEqual(options);
    const [updated] = await nocobase.call<Row[]>('POST', `authenticators:update?filterByTk=${id}`, {
      id,
      enabled: true,
      options: { ...options, clientSecret: 'changed' },
    });
    expect(updated?.options).toMatchObject({ clientSecret: 'changed', oidc: { clientSecret: 'deeper' } });
    await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
  });

  describe('as a gateway: an assertion', () => {
    const claims = (changes: object = {}): object => ({
      iss: gateway.url,
      aud: nocobase.url,
      app: 'main',
      ...freshFor(60),
      ...changes,
    });
    const foreign = [['x'], { a: 1 }, 1, true, null];

    it.each(
      ['iss', 'aud', 'app', 'iat', 'exp', 'jti', 'sub'].flatMap((claim) => foreign.map((value) => [claim, value])),
    )('whose %s is %j is refused, with a code', async (claim, value) => {
      await create(complete());
      const signed = await gateway.signer.sign(ASSERTION_TYPE, claims({ [claim as string]: value }));
      const answer = await asked(signed);
      // Optional claims may have any value.
      if (claim === 'sub') expect([200, 401]).toContain(answer.status);
      else expect(answer).toEqual({ status: 401, code: GATEWAY_REFUSALS.invalidAssertion });
    });

    it.each(['kid', 'typ', 'alg', 'crit', 'b64', 'zip'].flatMap((name) => foreign.map((value) => [name, value])))(
      'whose header says that %s is %j is refused, with a code',
      async (name, value) => {
        const [, payload, signature] = (await gateway.signer.sign(ASSERTION_TYPE, claims())).split('.');
        const [key] = gateway.signer.publicKeys().keys;
        const header = { alg: 'EdDSA', typ: ASSERTION_TYPE, kid: key!.kid, [name as string]: value };
        const made = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
        expect(await asked(made)).toEqual({ status: 401, code: GATEWAY_REFUSALS.invalidAssertion });
      },
    );

    it.each(['[]', '1', '"x"', 'null', '{', `{"iss":"${'/'.repeat(9000)}x"}`])(
      'whose payload is %.20s is refused, with a code',
      async (payload) => {
        const part = Buffer.from(payload).toString('base64url');
        expect(await asked(`e30.${part}.x`)).toEqual({ status: 401, code: GATEWAY_REFUSALS.invalidAssertion });
      },
    );

    it('that occurs twice in one request is refused, with a code', async () => {
      const headers = new Headers();
      for (let n = 0; n < 2; n += 1) {
        headers.append(ASSERTION_HEADER, await gateway.signer.sign(ASSERTION_TYPE, claims()));
      }
      const response = await fetch(`${nocobase.url}/api/dingtalk:settings`, { headers });
      expect(response.status).toBe(401);
    });
  });

  it.each(
    ['iss', 'aud', 'app', 'authenticator', 'iat', 'exp', 'jti', 'challenge', 'returnPath', 'identity'].flatMap(
      (claim) => [['x'], { a: 1 }, 1, null].map((value) => [claim, value]),
    ),
  )('as a person: a ticket whose %s is %j is refused, with a code', async (claim, value) => {
    const { id, name } = await create(complete());
    const browser = new PluginBrowser(`${nocobase.url}/api`);
    const { challenge } = await browser.start({ authenticator: name });
    const all = { iss: gateway.url, aud: nocobase.url, app: 'main', authenticator: name, challenge, ...freshFor(60) };
    const good = { ...all, returnPath: '/admin', requestId: 'r', identity: somebody() };
    const ticket = await gateway.signer.sign(TICKET_TYPE, { ...good, [claim as string]: value });
    expect(await browser.redeem(ticket, name)).toMatchObject({ status: 400, code: 'invalid_request' });
    await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
  });

  it.each([
    'dingtalk:start?authenticator=a&authenticator=b',
    'dingtalk:start?authenticator[a]=b&redirect[]=x&flow[]=in-app&corpId[a]=b',
    'dingtalk:start?authenticator=NAME&redirect[]=/admin&redirect=/a&redirect=/b&flow=in-app&corpId=a&corpId=b',
    'dingtalk:start',
    'dingtalk:redeem?authenticator=a&authenticator=b',
    'dingtalk:redeem?authenticator[a]=b',
    'dingtalk:settings?authenticator[a]=b',
    'dingtalk:confirmExamination?id[]=x',
    'dingtalk:examine?authenticator[a]=b',
    'dingtalk:keys?authenticator[a]=b&authenticator=c&authenticator=d',
  ])('%s is answered, and never by a failure', async (action) => {
    const { name } = await create(complete());
    const url = `${nocobase.url}/api/${action.replace('NAME', name)}`;
    for (const body of [undefined, '[]', '{"id":["x"],"authenticator":{"a":1},"lang":["zh"]}', '"x"']) {
      for (const headers of [{}, { authorization: `Bearer ${nocobase.apiKey}` }] as Record<string, string>[]) {
        const response = await fetch(url, {
          redirect: 'manual',
          ...(body === undefined ? {} : { method: 'POST', body }),
          headers: { 'content-type': 'application/json', ...headers },
        });
        expect(response.status).toBeLessThan(500);
      }
    }
  });

  describe('as a gateway, over a network with an attacker', () => {
    const settingsOf = async (issuer: StandInGateway): Promise<{ status: number; code: string | undefined }> =>
      asked(await issuer.assertion({ iss: gateway.url, aud: nocobase.url }));
    const thumbprintOf = ({ signer }: StandInGateway): string => signer.publicKeys().keys[0]!.kid;

    async function redeemed(issuer: StandInGateway, name: string) {
      const browser = new PluginBrowser(`${nocobase.url}/api`);
      const { challenge } = await browser.start({ authenticator: name });
      const claims = { iss: gateway.url, aud: nocobase.url, authenticator: name, challenge, identity: somebody() };
      return browser.redeem(await issuer.ticket(claims), name);
    }

    it('nobody is trusted whose key is not pinned, and the pinned one is', async () => {
      const rows = await nocobase.list('authenticators', { authType: 'DingTalk' }, 'id');
      for (const { id } of rows) await nocobase.call('POST', `authenticators:destroy?filterByTk=${String(id)}`);
      // An attacker answers at the address from which NocoBase's server fetches the keys.
      const evil = await StandInGateway.launch();
      const next = await StandInGateway.launch();
      const pins = [thumbprintOf(gateway), thumbprintOf(next)];
      const { id, name } = await create(complete({ gatewayInternalUrl: evil.url, gatewayKeys: pins }));
      const refused = { status: 401, code: GATEWAY_REFUSALS.keyNotPinned };
      expect(await settingsOf(evil)).toEqual(refused);
      expect(await settingsOf(gateway)).toEqual(refused);
      expect(await redeemed(evil, name)).toMatchObject({ status: 500, code: 'misconfigured' });
      // A key with the same name is still a different key.
      const [key] = evil.signer.publicKeys().keys;
      evil.keys = (_request, response) =>
        response.end(JSON.stringify({ keys: [{ ...key, kid: thumbprintOf(gateway) }] }));
      expect(await nocobase.call('GET', `dingtalk:keys?authenticator=${name}`)).toEqual({
        address: evil.url,
        thumbprints: [thumbprintOf(evil)],
      });

      const options = complete({ gatewayKeys: pins });
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, { id, enabled: true, options });
      expect(await settingsOf(gateway)).toMatchObject({ status: 200 });
      expect(await redeemed(gateway, name)).toMatchObject({ status: 200 });
      // The next key, which was pinned beforehand.
      gateway.signer = next.signer;
      expect(await settingsOf(gateway)).toMatchObject({ status: 200 });
      expect(await redeemed(gateway, name)).toMatchObject({ status: 200 });
      await Promise.all([evil.stop(), next.stop()]);
    }, 60_000);

    it('an authenticator that pins another key than its sibling is logged once, and not disclosed', async () => {
      const shared = await StandInGateway.launch();
      const taking = await create(complete({ gatewayUrl: shared.url }));
      const refusing = await create(complete({ gatewayUrl: shared.url, gatewayKeys: [thumbprintOf(gateway)] }));
      for (let n = 0; n < 2; n += 1) {
        const headers = { [ASSERTION_HEADER]: await shared.assertion({ aud: nocobase.url }) };
        const response = await fetch(`${nocobase.url}/api/dingtalk:settings`, { headers });
        const { data } = (await response.json()) as { data: PluginSettings };
        expect(data.authenticators.map(({ name }) => name)).toEqual([taking.name]);
      }
      const lines = (): string[] =>
        log.filter((line) => line.includes('authenticators that refuse the gateway are not passed'));
      await eventually(async () => expect(lines().join('\n')).toContain(refusing.name));
      expect(lines().filter((line) => line.includes(shared.url))).toHaveLength(1);

      // A gateway that uses two addresses in turn.
      const aud = 'https://other.example.com';
      await create(complete({ gatewayUrl: shared.url, nocobaseUrl: aud }));
      for (let n = 0; n < 6; n += 1) {
        const assertion = await shared.assertion({ aud: n % 2 === 0 ? aud : nocobase.url });
        await fetch(`${nocobase.url}/api/dingtalk:settings`, { headers: { [ASSERTION_HEADER]: assertion } });
      }
      await eventually(async () => expect(lines().join('\n')).toContain(aud));
      expect(lines().filter((line) => line.includes(shared.url)).length).toBeLessThanOrEqual(3);
      expect(lines().join('\n')).toContain(GATEWAY_REFUSALS.keyNotPinned);
      await shared.stop();
    });

    it.each([['not-a-thumbprint'], ['x'.repeat(44)], [1], Array.from({ length: 6 }, (_, n) => `${n}`.repeat(43))])(
      'pins are thumbprints, and only a few of them: not %j',
      async (...gatewayKeys) => {
        await expect(create(complete({ gatewayKeys: gatewayKeys.flat() }))).rejects.toThrow(/At most 5 keys/);
      },
    );

    it('the keys are shown to administrators only', async () => {
      expect((await fetch(`${nocobase.url}/api/dingtalk:keys?authenticator=x`)).status).toBe(401);
      await expect(nocobase.call('GET', 'dingtalk:keys?authenticator=nobody')).rejects.toThrow('HTTP 404');
      const away = await create(complete({ gatewayUrl: 'http://127.0.0.1:1' }));
      await expect(nocobase.call('GET', `dingtalk:keys?authenticator=${away.name}`)).rejects.toThrow(
        /HTTP 502.*cannot reach the gateway/,
      );
    });
  });

  it('as a gateway with a new key: it is trusted immediately, however recently NocoBase fetched the keys', async () => {
    const restarted = await StandInGateway.launch();
    const { name } = await create(complete({ gatewayUrl: restarted.url }));
    const told = async () => asked(await restarted.assertion({ aud: nocobase.url }));
    expect(await told()).toMatchObject({ status: 200 });
    restarted.signer = new Signer([someSecret()]);
    expect(await told()).toMatchObject({ status: 200 });
    restarted.signer = new Signer([someSecret()]);
    const browser = new PluginBrowser(`${nocobase.url}/api`);
    const { challenge } = await browser.start({ authenticator: name });
    const ticket = await restarted.ticket({ aud: nocobase.url, authenticator: name, challenge, identity: somebody() });
    expect(await browser.redeem(ticket, name)).toMatchObject({ status: 200 });
    await restarted.stop();
  });
});
