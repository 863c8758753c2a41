import { randomBytes, randomInt } from 'node:crypto';
import {
  ASSERTION_HEADER,
  type ExaminationReport,
  examinationRequest,
  GATEWAY_REFUSALS,
  type PluginSettings,
  TICKET_TYPE,
} from '../src/core/plugin-protocol/index.js';
import { freshFor, Signer } from '../src/plugin-client/signing/signer.js';
import { type AuthenticatorRow as Row, DingTalkForms } from './support/dingtalk-forms.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin, PLUGIN_PACKAGE } from './support/nocobase-plugin.js';
import { someSecret, StandInGateway } from './support/stand-in-gateway.js';

const SECRET = 'a-client-secret-that-nobody-may-see';

describe('The settings of an authenticator, in a real NocoBase', () => {
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let forms: DingTalkForms;
  let other: StandInGateway;

  beforeAll(async () => {
    [nocobase, gateway, other] = await Promise.all([
      launchWithPlugin(),
      StandInGateway.launch(),
      StandInGateway.launch(),
    ]);
    forms = new DingTalkForms(nocobase, gateway, { clientSecret: SECRET });
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await Promise.all([gateway?.stop(), other?.stop()]);
  });

  const complete = (changes?: object): object => forms.complete(changes);
  const create = async (options: object, row?: object): Promise<Row> => forms.create(options, row);

  async function update(id: number, options: object): Promise<Row> {
    const values = { id, enabled: true, options };
    return (await nocobase.call<Row[]>('POST', `authenticators:update?filterByTk=${id}`, values))[0]!;
  }

  /** One of them, as the gateway receives it. */
  async function told(id: number): Promise<PluginSettings['authenticators'][number] | undefined> {
    const row = await nocobase.call<Row>('GET', `authenticators:get?filterByTk=${id}`);
    const { data } = await asked(await gateway.assertion({ aud: nocobase.url }));
    return data?.authenticators.find(({ name }) => name === row.name);
  }

  async function asked(
    assertion?: string,
    action = 'settings',
  ): Promise<{ status: number; data?: PluginSettings; code?: string }> {
    const headers = assertion === undefined ? {} : { [ASSERTION_HEADER]: assertion };
    const response = await fetch(`${nocobase.url}/api/dingtalk:${action}`, { headers });
    const body = (await response.json()) as { data?: PluginSettings; errors?: { code: string }[] };
    return { status: response.status, ...body, ...(body.errors ? { code: body.errors[0]!.code } : {}) };
  }

  describe('keep the Client Secret', () => {
    it('from everyone, root included, whatever is requested, and send it to the gateway', async () => {
      const answers: string[] = [];
      const ask = async (method: string, action: string, body?: object): Promise<void> => {
        answers.push(JSON.stringify(await nocobase.call(method, action, body)));
      };
      const created = await create(complete());
      answers.push(JSON.stringify(created));
      expect(created.options).toMatchObject({ hasClientSecret: true, clientId: 'ding-client' });
      const { id, name } = created;
      answers.push(JSON.stringify(await update(id, complete({ clientSecret: `${SECRET}-2` }))));
      const user = await nocobase.addUser({ nickname: 'Bound', username: `bound-${randomInt(1e9)}` });
      await ask('POST', 'usersAuthenticators:create', { authenticator: name, userId: user, uuid: 'u' });
      for (const action of [
        'authenticators:list?paginate=false',
        `authenticators:get?filterByTk=${id}&appends=users`,
        `authenticators:get?filterByTk=${id}&fields=options`,
        'authenticators:publicList',
        'authenticators:listTypes',
        `users:get?filterByTk=${user}&appends=authenticators`,
        'usersAuthenticators:list?appends=users',
        'pm:listEnabled',
      ]) {
        await ask('GET', action);
      }
      await ask('POST', 'authenticators:updateOrCreate?filterKeys[]=name', { ...created, options: complete() });
      expect(answers.join().includes(SECRET)).toBe(false);
      expect(answers.join()).not.toMatch(/slip:|ciphertext/);
      expect((await told(id))?.clientSecret).toMatch(SECRET);
    });

    it('out of reach of any collection, association or filter', async () => {
      const { id, name } = await create(complete());
      for (const resource of [
        'dingtalkSecrets',
        'dingtalk_secrets',
        'dingtalkUsedTickets',
        `authenticators/${id}/dingtalkSecrets`,
      ]) {
        await expect(nocobase.call('GET', `${resource}:list`)).rejects.toThrow(/HTTP (?:404|403|500)/);
      }
      const collections = await nocobase.call<{ name: string }[]>('GET', 'collections:list?paginate=false');
      // Workflows may start with a lock.
      expect(collections.filter(({ name }) => /dingtalk/i.test(name)).map(({ name }) => name)).toEqual([
        'dingtalkLocks',
      ]);
      expect(JSON.stringify(collections)).not.toMatch(/dingtalk_?(?:secret|used)/i);
      await expect(
        nocobase.call('POST', 'collections/users/fields:create', {
          name: 'leak',
          type: 'hasMany',
          target: 'dingtalkSecrets',
          foreignKey: 'authenticatorId',
        }),
      ).rejects.toThrow('HTTP');
      for (const filter of [
        { name, 'options.clientSecret': SECRET },
        { name, options: { clientSecret: { $includes: SECRET } } },
      ]) {
        const query = new URLSearchParams({ filter: JSON.stringify(filter) }).toString();
        const found = await nocobase.call<unknown[]>('GET', `authenticators:list?${query}`).catch(() => []);
        expect(found).toEqual([]);
      }
    });

    it('if it is left empty, and drop it if it would be sent to another address', async () => {
      const { id } = await create(complete());
      const kept = await update(id, complete({ clientSecret: '', clientId: 'ding-other' }));
      expect(kept.options).toMatchObject({ hasClientSecret: true, clientId: 'ding-other' });
      expect(await told(id)).toMatchObject({ clientId: 'ding-other', clientSecret: SECRET });

      const moved = await update(id, complete({ clientSecret: '', gatewayUrl: other.url }));
      expect(moved.options['hasClientSecret']).toBe(false);
      const back = await update(id, complete({ clientSecret: '' }));
      expect(back.options['hasClientSecret']).toBe(false);
      expect(await told(id)).toMatchObject({ clientSecret: '' });

      await update(id, complete());
      const inside = await update(id, complete({ clientSecret: '', gatewayInternalUrl: other.url }));
      expect(inside.options['hasClientSecret']).toBe(false);
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
    });

    it('if NocoBase takes it over from a gateway, which no longer receives it', async () => {
      const { id, name } = await create(complete({ gatewayInternalUrl: gateway.url }));
      await create(complete());
      expect(await told(id)).toMatchObject({ clientSecret: SECRET });

      const byNocobase = { signInBy: 'nocobase', gatewayInternalUrl: gateway.url, clientSecret: '' };
      const taken = await update(id, complete(byNocobase));
      expect(taken.options).toMatchObject({ signInBy: 'nocobase', hasClientSecret: true, gatewayUrl: gateway.url });
      // It can be opened, even if the unused address of a gateway changes.
      for (const changes of [{ clientId: 'ding-other' }, { gatewayUrl: other.url }, { gatewayInternalUrl: '' }]) {
        const saved = await update(id, complete({ ...byNocobase, ...changes }));
        expect(saved.options).toMatchObject({ signInBy: 'nocobase', hasClientSecret: true });
      }
      expect(await told(id)).toBeUndefined();
      const { data } = await asked(await gateway.assertion({ aud: nocobase.url }));
      expect(data?.authenticators.map((one) => one.name)).not.toContain(name);

      const back = await update(id, complete({ clientSecret: '' }));
      expect(back.options).toMatchObject({ signInBy: 'gateway', hasClientSecret: false });
      expect(await told(id)).toMatchObject({ clientSecret: '' });
      await update(id, complete({ ...byNocobase, clientSecret: SECRET }));
      await update(id, complete({ clientSecret: `${SECRET}-3` }));
      expect(await told(id)).toMatchObject({ clientSecret: `${SECRET}-3` });
    });

    it('and trust nobody who claims that there is one', async () => {
      const { id, options } = await create(complete({ clientSecret: undefined, hasClientSecret: true }));
      expect(options['hasClientSecret']).toBe(false);
      expect(await told(id)).toMatchObject({ clientSecret: '' });
    });

    it('no longer than their authenticator', async () => {
      const { id } = await create(complete());
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, {
        id,
        enabled: true,
        authType: 'Email/Password',
        options: {},
      });
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, {
        id,
        enabled: true,
        authType: 'DingTalk',
        options: complete({ clientSecret: '' }),
      });
      expect(await told(id)).toMatchObject({ clientSecret: '' });
    });
  });

  describe('are validated when they are saved', () => {
    it.each<[string, object, RegExp, RegExp]>([
      ['two protected roles in one entry', { protectedRoles: ['root，admin'] }, /Protected roles:/, /受保护的角色：/],
      ['an http gateway elsewhere', { gatewayUrl: 'http://gateway.example.com' }, /gateway address/, /网关地址/],
      [
        'an http gateway in a private network, unless that is allowed',
        { gatewayUrl: 'http://192.168.1.20:3000' },
        /Allow http in a private network.*NODE_EXTRA_CA_CERTS/,
        /“允许在内网使用 http”.*NODE_EXTRA_CA_CERTS/,
      ],
      [
        'an http gateway elsewhere, allowed or not',
        { gatewayUrl: 'http://gateway.example.com', allowPrivateHttp: true },
        /gateway address/,
        /网关地址/,
      ],
      ...[
        { clientId: '{{ $user.id }}' },
        { corpIds: ['ding-ours', '{{ $env.CORP }}'] },
        { gatewayUrl: 'https://{{ $env.HOST }}' },
        { gatewayInternalUrl: '{{ $env.GATEWAY }}' },
        { nocobaseUrl: '{{ $env.NOCOBASE }}' },
        { defaultRoles: ['{{ $env.ROLE }}'] },
        { returnPaths: ['/{{ $env.PAGE }}'] },
      ].map((changes): [string, object, RegExp, RegExp] => [
        `a variable in ${Object.keys(changes).join()}`,
        changes,
        /\$env\.X in double braces, are not replaced/,
        /不支持 NocoBase 变量/,
      ]),
      [
        'a variable that NocoBase does not have in the Client ID',
        { clientId: '{{ $env.DINGTALK }}' },
        /NocoBase has no variable DINGTALK\./,
        /没有变量 DINGTALK。/,
      ],
      [
        'a variable in the Client Secret',
        { clientSecret: '{{$env.SECRET}}' },
        /not replaced here: anyone who may edit this form/,
        /任何能编辑此表单的人/,
      ],
      [
        'a gateway address with a password',
        { gatewayUrl: 'https://a:b@gateway.example.com' },
        /gateway address/,
        /网关地址/,
      ],
      [
        'a gateway address with a query',
        { gatewayUrl: 'https://gateway.example.com/?a' },
        /gateway address/,
        /网关地址/,
      ],
      ['no address', { gatewayUrl: 'javascript:alert(1)' }, /gateway address/, /网关地址/],
      [
        'an internal address that is public',
        { gatewayInternalUrl: 'http://gateway.example.com' },
        /internal/,
        /内部地址/,
      ],
      [
        'the address of a cloud machine about itself',
        { gatewayInternalUrl: 'http://169.254.169.254' },
        /internal/,
        /内部地址/,
      ],
      ['a NocoBase that is no web address', { nocobaseUrl: 'ftp://app.example.com' }, /NocoBase/, /NocoBase/],
      ['sign-up for the whole world', { corpIds: [], autoSignUp: true }, /CorpId/, /CorpId/],
      ['a field of NocoBase itself', { fields: ['roles=name:overwrite'] }, /Fields/, /字段/],
      [
        "a member's field without members",
        { fields: ['jobNumber=jobNumber:overwrite'] },
        /exist only in the organization's record/,
        /组织的通讯录记录/,
      ],
      ['a match by what is not verified', { match: 'email' }, /phone or none/, /匹配方式/],
      ['sign-up without a number by a word', { signUpWithoutPhone: 'yes' }, /on or off/, /开或关/],
      [
        'sign-up without a number of any organization',
        { signUpWithoutPhone: true, corpIds: [] },
        /needs an organization/,
        /必须填写组织/,
      ],
      ['several bindings by a word', { severalBindings: 'yes' }, /on or off/, /开或关/],
      ['a region that is none', { defaultRegion: 'XX' }, /country code/, /两个字母的代码/],
      ['a further page that is the API', { returnPaths: ['/portal', '/API/x'] }, /Further pages must/, /可返回的页面/],
      ['a further page of another app', { returnPaths: ['/apps/other'] }, /Further pages must/, /可返回的页面/],
      ['roles that are no list', { defaultRoles: 'member' }, /name of one role/, /角色/],
      ['root for everyone who is new', { defaultRoles: ['member', 'root'] }, /must not include root/, /不能包含 root/],
      ['a way that is none', { signInBy: 'both' }, /nocobase or gateway/, /nocobase 或 gateway/],
      [
        'an http NocoBase of its own elsewhere, allowed or not',
        { signInBy: 'nocobase', nocobaseUrl: 'http://crm.example.com', allowPrivateHttp: true },
        /address of NocoBase must start with https/,
        /NocoBase 地址必须以 https/,
      ],
      [
        'an http NocoBase of its own in a private network, unless that is allowed',
        { signInBy: 'nocobase', nocobaseUrl: 'http://192.168.1.20:13000' },
        /Allow http in a private network/,
        /“允许在内网使用 http”/,
      ],
      ['a proxy that is everyone', { trustedProxies: ['0.0.0.0/0'] }, /Trusted proxies/, /受信任的代理/],
      ['a proxy by a name of its own', { trustedProxies: ['proxy'] }, /Trusted proxies/, /受信任的代理/],
      ['fewer requests than none', { requestsPerMinute: -1 }, /from 0 to 100000/, /0 到 100000/],
      ['half a request', { requestsPerMinute: 0.5 }, /from 0 to 100000/, /0 到 100000/],
      ['any pattern', { codePattern: '(a+)+' }, /pattern of codes/, /授权码格式/],
      [
        'dedicated accounts of two organizations',
        { signInBy: 'nocobase', exclusiveLogin: true, corpIds: ['ding-ours', 'ding-theirs'] },
        /exactly one organization/,
        /只能有一个组织/,
      ],
      ['a Client Secret that is no text', { clientSecret: { a: 1 } }, /Client Secret/, /Client Secret/],
    ])('%s is refused, in both languages', async (_what, changes, english, chinese) => {
      await expect(create(complete(changes))).rejects.toThrow(english);
      const values = { name: `zh-${randomInt(1e9)}`, authType: 'DingTalk', enabled: true, options: complete(changes) };
      await expect(nocobase.call('POST', 'authenticators:create', values, { 'x-locale': 'zh-CN' })).rejects.toThrow(
        chinese,
      );
    });

    it.each([
      { gatewayInternalUrl: 'http://gateway:3000' },
      { gatewayInternalUrl: 'http://10.1.2.3:3000' },
      { gatewayInternalUrl: 'http://gateway.default.svc.cluster.local' },
      { gatewayUrl: 'https://sso.example.com/dingtalk/' },
      { gatewayUrl: 'http://192.168.1.20:3000/', allowPrivateHttp: true },
      { corpIds: [], autoSignUp: true, allowAnyOrganization: true },
      { identity: 'member', fields: ['jobNumber=jobNumber:overwrite'] },
      { signInBy: 'nocobase', exclusiveLogin: true, codePattern: '[0-9a-f]{32}', requestsPerMinute: 0 },
      { signInBy: 'nocobase', nocobaseUrl: 'http://192.168.1.20:13000', allowPrivateHttp: true },
      { signInBy: 'nocobase', trustedProxies: ['loopback', 'uniquelocal', '203.0.113.7', '2001:db8::/32'] },
    ])('%j is accepted', async (changes) => {
      const { options } = await create(complete(changes));
      expect(options['gatewayUrl']).not.toMatch(/\/$/);
    });

    it('empty ones are accepted, too: the authenticator that provision creates can be enabled and locks nobody out', async () => {
      const { id, name, options } = await create({}, { enabled: false, options: undefined });
      expect(options ?? {}).toMatchObject({});
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, { id, enabled: true });
      const shown = await nocobase.call<{ name: string; options: object }[]>('GET', 'authenticators:publicList');
      expect(shown.find((one) => one.name === name)?.options).toEqual({ inApp: false, ready: false });
      const basic = await fetch(`${nocobase.url}/api/auth:signIn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(nocobase.root),
      });
      expect(basic.status).toBe(200);
      const refused = await fetch(`${nocobase.url}/api/auth:signIn`, {
        method: 'POST',
        headers: { 'x-authenticator': name, 'x-dingtalk-ticket': 'any' },
      });
      expect(await refused.json()).toMatchObject({ errors: [{ code: 'misconfigured' }] });
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
    });

    it('only those of the selected way', async () => {
      const alone = await create(
        complete({ signInBy: 'nocobase', gatewayUrl: 'javascript:alert(1)', gatewayKeys: ['{{ $env.X }}'] }),
      );
      expect(alone.options).toMatchObject({ signInBy: 'nocobase', gatewayUrl: '', gatewayKeys: [] });
      const byGateway = await create(complete({ signInBy: 'gateway', codePattern: '.*', requestsPerMinute: null }));
      expect(byGateway.options).toMatchObject({ signInBy: 'gateway', codePattern: '', requestsPerMinute: 1200 });
    });

    it('without a gateway the button is ready, too', async () => {
      const ready = async (changes: object): Promise<unknown> => {
        const { name } = await create(complete({ signInBy: 'nocobase', gatewayUrl: '', ...changes }));
        const shown = await nocobase.call<{ name: string; options: object }[]>('GET', 'authenticators:publicList');
        return shown.find((one) => one.name === name)?.options;
      };
      expect(await ready({})).toEqual({ inApp: true, ready: true });
      for (const changes of [{ clientSecret: '' }, { clientId: '' }, { nocobaseUrl: '' }]) {
        expect(await ready(changes)).toEqual({ inApp: true, ready: false });
      }
    });

    it('what the button needs is public, and nothing else', async () => {
      const { name } = await create(complete({ public: { autoSignIn: true, other: 'x' } }));
      const shown = await nocobase.call<{ name: string; options: object }[]>('GET', 'authenticators:publicList');
      const one = shown.find((candidate) => candidate.name === name);
      expect(one).toEqual({
        name,
        title: 'DingTalk',
        authType: 'DingTalk',
        authTypeTitle: expect.stringContaining(PLUGIN_PACKAGE),
        options: { autoSignIn: true, inApp: true, ready: true },
      });
    });
  });

  describe("take a Client ID from NocoBase's variables", () => {
    const variable = async (type: 'default' | 'secret', value: string): Promise<string> => {
      const name = `DINGTALK_${randomInt(1e9)}`;
      await nocobase.call('POST', 'environmentVariables:create', { name, type, value });
      return name;
    };

    it('if they are not secret, with their value when the gateway asks', async () => {
      const name = await variable('default', 'ding-from-a-variable');
      const { id } = await create(complete({ clientId: `{{ $env.${name} }}` }));
      const { options } = await nocobase.call<Row>('GET', `authenticators:get?filterByTk=${id}`);
      expect(options).toMatchObject({ clientId: `{{ $env.${name} }}` });
      expect(await told(id)).toMatchObject({ clientId: 'ding-from-a-variable', clientSecret: SECRET });
      const values = { type: 'default', value: 'ding-another' };
      await nocobase.call('POST', `environmentVariables:update?filterByTk=${name}`, values);
      expect(await told(id)).toMatchObject({ clientId: 'ding-another' });
      await nocobase.call('POST', `environmentVariables:destroy?filterByTk=${name}`);
      expect(await told(id)).toMatchObject({ clientId: '', clientSecret: SECRET });
    });

    it('but from no secret one, with a message', async () => {
      const name = await variable('secret', 'CANARY-of-a-secret-variable');
      const refused = create(complete({ clientId: `{{ $env.${name} }}` }));
      await expect(refused).rejects.toThrow(`The variable ${name} is a secret, and only plain variables`);
      await expect(refused).rejects.not.toThrow('CANARY');
    });

    it('which is no longer sent once its variable is secret', async () => {
      const name = await variable('default', 'ding-plain');
      const { id } = await create(complete({ clientId: `{{ $env.${name} }}` }));
      const values = { type: 'secret', value: 'CANARY-of-a-secret-variable' };
      await nocobase.call('POST', `environmentVariables:update?filterByTk=${name}`, values);
      expect(await told(id)).toMatchObject({ clientId: '' });
    });
  });

  describe('are sent to a gateway', () => {
    it('if they are its own, and to no other', async () => {
      const [mine, theirs] = [await create(complete()), await create(complete({ gatewayUrl: other.url }))];
      const { status, data } = await asked(await gateway.assertion({ aud: nocobase.url }));
      const names = data?.authenticators.map(({ name }) => name);
      expect(status).toBe(200);
      expect(data).toMatchObject({ version: '0.1.0', gatewayUrl: gateway.url });
      expect(names).toContain(mine.name);
      expect(names).not.toContain(theirs.name);
      expect(data?.authenticators.find(({ name }) => name === mine.name)).toEqual({
        name: mine.name,
        title: 'DingTalk',
        enabled: true,
        clientId: 'ding-client',
        clientSecret: SECRET,
        corpIds: ['ding-ours'],
        autoSignUp: false,
        allowAnyOrganization: false,
        identity: 'profile',
        defaultRoles: [],
        fields: [],
        match: 'phone',
        leavers: 'report',
        events: 'off',
      });
    });

    it('with the number of phone numbers that cannot be matched, if the doctor asks', async () => {
      const [mine, byBinding] = [await create(complete()), await create(complete({ match: 'none' }))];
      const user = await nocobase.addUser({
        nickname: 'Typo',
        username: `typo-${randomInt(1e9)}`,
        phone: '138x-CANARY',
      });
      const facts = await fetch(`${nocobase.url}/api/dingtalk:settings?facts=1&secrets=none`, {
        headers: { [ASSERTION_HEADER]: await gateway.assertion({ aud: nocobase.url }) },
      });
      const answer = await facts.text();
      const { authenticators } = (JSON.parse(answer) as { data: PluginSettings }).data;
      const of = ({ name }: Row) => authenticators.find((one) => one.name === name)?.storedPhones;
      expect(of(mine)).toMatchObject({ isAll: true, users: expect.arrayContaining([user]) });
      expect(of(byBinding)).toBeUndefined();
      expect(answer).not.toContain('CANARY');
      expect(await told(mine.id)).not.toHaveProperty('storedPhones');
    });

    it.each<[string, () => Promise<string | undefined>, string]>([
      ['nothing', async () => undefined, GATEWAY_REFUSALS.invalidAssertion],
      ['no assertion', async () => 'x.y.z', GATEWAY_REFUSALS.invalidAssertion],
      [
        'for another NocoBase',
        async () => gateway.assertion({ aud: 'https://elsewhere.example.com' }),
        GATEWAY_REFUSALS.otherAddress,
      ],
      [
        'for another application',
        async () => gateway.assertion({ aud: nocobase.url, app: 'sales' }),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
      [
        'that is too old',
        async () => gateway.assertion({ aud: nocobase.url, ...times(-125, -65) }),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
      [
        'of a gateway whose clock is more than a minute ahead',
        async () => gateway.assertion({ aud: nocobase.url, ...times(75, 135) }),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
      [
        'that lives too long',
        async () => gateway.assertion({ aud: nocobase.url, ...times(0, 3600) }),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
      ['that is a ticket', async () => gateway.signer.sign(TICKET_TYPE, claims()), GATEWAY_REFUSALS.invalidAssertion],
      [
        'that a stranger signed',
        async () => new Signer([someSecret()]).sign('dingtalk-gateway+jwt', claims()),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
      [
        'of another gateway in our name',
        async () => other.assertion({ iss: gateway.url, aud: nocobase.url }),
        GATEWAY_REFUSALS.invalidAssertion,
      ],
    ])('only for its own assertion: not %s', async (_which, make, code) => {
      await create(complete());
      expect(await asked(await make())).toEqual({ status: 401, errors: expect.anything(), code });
    });

    it.each([
      ['behind', times.bind(undefined, -100, -40)],
      ['ahead', times.bind(undefined, 50, 110)],
    ])('whose clock is %s by less than a minute, once', async (_where, when) => {
      await create(complete());
      const assertion = await gateway.assertion({ aud: nocobase.url, ...when() });
      expect(await asked(assertion)).toMatchObject({ status: 200 });
      expect(await asked(assertion)).toMatchObject({ status: 401, code: GATEWAY_REFUSALS.invalidAssertion });
    });

    it('once per assertion, even out of ten at the same moment', async () => {
      const assertion = await gateway.assertion({ aud: nocobase.url });
      const all = await Promise.all(Array.from({ length: 10 }, async () => asked(assertion)));
      expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await asked(assertion)).toMatchObject({ status: 401 });
    });

    it('that speaks for another address only for the authenticators with that address', async () => {
      const [mine, crossed] = [await create(complete()), await create(complete({ gatewayInternalUrl: other.url }))];
      const crossing = await asked(await other.assertion({ iss: gateway.url, aud: nocobase.url }));
      expect(crossing.data?.authenticators.map(({ name }) => name)).toEqual([crossed.name]);
      const own = await asked(await gateway.assertion({ aud: nocobase.url }));
      expect(own.data?.authenticators.map(({ name }) => name)).toContain(mine.name);
      expect(own.data?.authenticators.map(({ name }) => name)).not.toContain(crossed.name);
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${crossed.id}`);
    });

    it('with the additional pages that people may be redirected to', async () => {
      const { id } = await create(complete({ returnPaths: ['/portal', '/kiosk/hall'] }));
      expect((await told(id))?.returnPaths).toEqual(['/portal', '/kiosk/hall']);
    });

    it('unless it is unknown, in which case its address receives no request', async () => {
      const stranger = await StandInGateway.launch();
      const refused = await asked(await stranger.assertion({ aud: nocobase.url }));
      expect(refused).toMatchObject({ status: 401, code: GATEWAY_REFUSALS.unknownGateway });
      expect(stranger.asked).toEqual([]);
      await stranger.stop();
    });

    it('unless its keys are unavailable', async () => {
      const away = await StandInGateway.launch();
      await create(complete({ gatewayUrl: away.url }));
      away.keys = (_request, response) => response.writeHead(500).end();
      const refused = await asked(await away.assertion({ aud: nocobase.url }));
      expect(refused).toMatchObject({ status: 401, code: GATEWAY_REFUSALS.noKeys });
      await away.stop();
    });

    const claims = (): object => ({ iss: gateway.url, aud: nocobase.url, app: 'main', ...freshFor(60) });
  });

  describe('are checked by the gateway', () => {
    const report: ExaminationReport = {
      ok: true,
      findings: [{ authenticator: 'x', id: 'a', status: 'ok', title: 'Title', detail: 'Detail', fix: null }],
    };

    /** The gateway's part: it asks for confirmation before it answers. */
    function examinedBy(
      asking: StandInGateway,
      question: (id: string) => object,
      status = 200,
    ): { confirmed: unknown[]; lang: string[] } {
      const seen = { confirmed: [] as unknown[], lang: [] as string[] };
      asking.answer = (request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk as Buffer);
          const { id, lang } = examinationRequest.parse(JSON.parse(Buffer.concat(chunks).toString()));
          seen.lang.push(lang);
          for (let n = 0; n < 2; n += 1) seen.confirmed.push(await confirm(asking, question(id)));
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(report));
        })();
      };
      return seen;
    }

    async function confirm(asking: StandInGateway, question: object): Promise<unknown> {
      const response = await fetch(`${nocobase.url}/api/dingtalk:confirmExamination`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [ASSERTION_HEADER]: await asking.assertion({ aud: nocobase.url }),
        },
        body: JSON.stringify(question),
      });
      return ((await response.json()) as { data?: { confirmed: unknown } }).data?.confirmed;
    }

    it('if an administrator asks, which is confirmed once', async () => {
      const { name } = await create(complete());
      const seen = examinedBy(gateway, (id) => ({ id, authenticator: name }));
      const found = await nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, { lang: 'zh' });
      expect(found).toEqual(report);
      expect(gateway.asked.filter((path) => path !== '/.well-known/jwks.json')).toEqual([
        `/auth/dingtalk/${name}/doctor`,
      ]);
      expect(seen).toEqual({ confirmed: [true, false], lang: ['zh'] });
    });

    it('and only for the authenticator and the gateway that were asked', async () => {
      const { name } = await create(complete());
      const seen = examinedBy(gateway, (id) => ({ id, authenticator: 'another' }));
      await nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, { lang: 'en' });
      expect(seen.confirmed).toEqual([false, false]);

      await create(complete({ gatewayUrl: other.url }));
      const foreign: unknown[] = [];
      gateway.answer = (request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk as Buffer);
          const { id } = examinationRequest.parse(JSON.parse(Buffer.concat(chunks).toString()));
          foreign.push(await confirm(other, { id, authenticator: name }));
          response.writeHead(200).end(JSON.stringify(report));
        })();
      };
      await nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, {});
      expect(foreign).toEqual([false]);
      expect(await confirm(gateway, { id: randomBytes(32).toString('base64url'), authenticator: name })).toBe(false);
    });

    it.each<[string, (response: import('node:http').ServerResponse) => void, RegExp]>([
      ['does not know the way', (response) => response.writeHead(404).end(), /HTTP 404.*path missing/],
      [
        'answers something else',
        (response) => response.writeHead(200).end('{"ok":"<b>"}'),
        /not the gateway.*HTTP 200/,
      ],
      [
        'sends us elsewhere',
        (response) => response.writeHead(307, { location: `${other.url}/x` }).end(),
        /not the gateway.*HTTP 3xx/,
      ],
    ])('or report in words that it %s', async (_what, answer, words) => {
      const { name } = await create(complete());
      gateway.answer = (_request, response) => answer(response);
      other.asked.length = 0;
      const failure = await examined(name);
      expect(failure).toMatch(/HTTP 502/);
      expect(failure).toMatch(words);
      expect(failure).toContain('Internal gateway address');
      expect(failure).not.toContain('<b>');
      expect(other.asked).toEqual([]);
    });

    it('or name the obstacle, for the test and for the keys', async () => {
      const nobody = `http://127.0.0.1:${await freePort()}`;
      const { name } = await create(complete({ gatewayInternalUrl: nobody }));
      expect(await examined(name)).toMatch(/Nothing listens at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
      const keys = nocobase.call('GET', `dingtalk:keys?authenticator=${name}`);
      await expect(keys).rejects.toThrow(/Nothing listens at.*ECONNREFUSED/);
      const unknown = await create(complete({ gatewayInternalUrl: 'http://no-such-gateway.internal' }));
      expect(await examined(unknown.name)).toMatch(/does not know the name.*(?:ENOTFOUND|EAI_AGAIN)/);
    });

    it('or report that it is a different one, as this NocoBase told it when it asked for confirmation', async () => {
      const { name } = await create(complete());
      gateway.answer = (request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk as Buffer);
          const { id } = examinationRequest.parse(JSON.parse(Buffer.concat(chunks).toString()));
          await fetch(`${nocobase.url}/api/dingtalk:confirmExamination`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              [ASSERTION_HEADER]: await gateway.assertion({ aud: 'https://elsewhere.example.com' }),
            },
            body: JSON.stringify({ id, authenticator: name }),
          });
          response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"misconfigured"}');
        })();
      };
      expect(await examined(name)).toMatch(/for another address of NocoBase.*NOCOBASE_PUBLIC_URL/);
    });

    it('or report that its key is not pinned, even if another form pins it or pins none', async () => {
      await create(complete());
      const { name } = await create(complete({ gatewayKeys: ['x'.repeat(43)] }));
      const seen = examinedBy(gateway, (id) => ({ id, authenticator: name }), 400);
      expect(await examined(name)).toMatch(/signs with a key that is not pinned in this form/);
      expect(seen.confirmed).toEqual([false, false]);
    });

    /** The message to an administrator whose test cannot be run. */
    async function examined(name: string): Promise<string> {
      return nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, {}).then(
        () => 'no failure',
        (error: unknown) => String(error),
      );
    }

    it('unless NocoBase signs people in by itself', async () => {
      const { name } = await create(complete({ signInBy: 'nocobase' }));
      gateway.asked.length = 0;
      expect(await examined(name)).toBe('no failure');
      const keys = nocobase.call('GET', `dingtalk:keys?authenticator=${name}`);
      await expect(keys).rejects.toThrow(/HTTP 400.*without a gateway/);
      expect(gateway.asked).toEqual([]);
    });

    it('or report that it is busy, which is no mistake in the form', async () => {
      const { name } = await create(complete());
      gateway.answer = (_request, response) => response.writeHead(429, { 'retry-after': '30' }).end();
      await expect(nocobase.call('POST', `dingtalk:examine?authenticator=${name}`, {})).rejects.toThrow(
        /HTTP 429.*The gateway is busy/,
      );
    });

    it('only for administrators', async () => {
      const { name } = await create(complete());
      const action = `${nocobase.url}/api/dingtalk:examine?authenticator=${name}`;
      expect((await fetch(action, { method: 'POST' })).status).toBe(401);
      await nocobase.call('POST', 'users:create', {
        nickname: 'Member',
        username: 'member',
        password: 'Member-123',
        roles: ['member'],
      });
      const signedIn = await fetch(`${nocobase.url}/api/auth:signIn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: 'member', password: 'Member-123' }),
      });
      const { data } = (await signedIn.json()) as { data: { token: string } };
      const headers = { authorization: `Bearer ${data.token}` };
      expect((await fetch(action, { method: 'POST', headers })).status).toBe(403);
    });
  });

  // Last: after a command that failed, NocoBase is unavailable for a moment.
  describe('keep the plugin', () => {
    it('enabled and installed while one of them is enabled', async () => {
      const { id, name } = await create(complete());
      const inWords = new RegExp(`First untick .{1,4}Enabled.{1,4} of .*${name} in .*取消勾选`);
      const [row] = await nocobase.list('applicationPlugins', { packageName: PLUGIN_PACKAGE }, 'id,name');
      await expect(
        nocobase.call('POST', `applicationPlugins:destroy?filterByTk=${String(row!['id'])}`),
      ).rejects.toThrow(inWords);
      const disable = `pm:disable?filterByTk=${String(row!['name'])}&awaitResponse=1`;
      await expect(nocobase.call('POST', disable)).rejects.toThrow(inWords);
      // Nothing has changed once NocoBase has finished the failed command.
      await eventually(async () => expect(await told(id)).toMatchObject({ name }), 60_000);
      const [after] = await nocobase.list('applicationPlugins', { packageName: PLUGIN_PACKAGE }, 'enabled');
      expect(after).toMatchObject({ enabled: true });
    });
  });
});

function times(issued: number, ends: number): { iat: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now + issued, exp: now + ends };
}
