import { readdirSync, readFileSync } from 'node:fs';
import type { NewUser } from '../../../src/core/accounts/index.js';
import { RepositoryUserDirectory } from './repository-user-directory.js';
import { dingtalk, formSettings, nocobase } from '../../../src/core/settings/index.js';
import { withoutWrongOfOtherWay } from './other-way.js';
import { missingSettings, publicOptions, settings, writtenSettings } from './settings.js';
import type { Database } from '@nocobase/database';
import { clientIdOf } from './client-id.js';
import { holdsVariable, variablesIn } from './variables.js';

const problem = (options: object): string | undefined => writtenSettings.safeParse(options).error?.issues[0]?.message;

describe('The address of a gateway', () => {
  it.each([
    'http://192.168.1.20:3000',
    'http://10.0.0.5/sso',
    'http://172.31.0.1',
    'http://100.64.0.1',
    'http://[fd12::1]:3000',
    'http://nas',
    'http://sso.local',
    'http://sso.corp.internal',
  ])('may be %s where the administrator allows it, and not otherwise', (gatewayUrl) => {
    expect(problem({ gatewayUrl })).toBe('settings.privateHttp');
    expect(problem({ gatewayUrl, allowPrivateHttp: false })).toBe('settings.privateHttp');
    expect(problem({ gatewayUrl, allowPrivateHttp: true })).toBeUndefined();
  });

  it.each([
    'http://sso.example.com',
    'http://8.8.8.8',
    'http://169.254.169.254',
    'http://192.168.1.20.nip.io',
    'http://10.0.0.1@sso.example.com',
    'http://sso.default.svc',
  ])('is not %s, allowed or not', (gatewayUrl) => {
    for (const allowPrivateHttp of [true, false]) {
      expect(problem({ gatewayUrl, allowPrivateHttp })).toBe('settings.gatewayUrl');
    }
  });

  it.each(['https://sso.example.com', 'https://192.168.1.20', 'http://127.0.0.1:3000', 'http://localhost:3000'])(
    'may be %s',
    (gatewayUrl) => {
      expect(problem({ gatewayUrl })).toBeUndefined();
    },
  );

  it.each(['http://gateway:3000', 'http://10.1.2.3', 'http://gateway.default.svc', 'http://a.b.svc.cluster.local'])(
    'may be %s for the server only',
    (gatewayInternalUrl) => {
      expect(problem({ gatewayInternalUrl })).toBeUndefined();
    },
  );
});

describe('The side that signs people in', () => {
  const gatewayUrl = 'https://sso.example.com';

  it.each([
    [{}, 'nocobase'],
    [{ gatewayUrl: ' / ' }, 'nocobase'],
    [{ gatewayUrl }, 'gateway'],
    [{ gatewayUrl, signInBy: 'nocobase' }, 'nocobase'],
    [{ signInBy: 'gateway' }, 'gateway'],
  ])('is for %j: %s', (options, signInBy) => {
    expect(settings.parse(options)).toMatchObject({ signInBy });
  });

  it('determines which settings are required', () => {
    expect(missingSettings(settings.parse({}))).toEqual(['clientId', 'hasClientSecret', 'nocobaseUrl']);
    const byGateway = settings.parse({ signInBy: 'gateway' });
    expect(missingSettings(byGateway)).toEqual(['clientId', 'hasClientSecret', 'gatewayUrl', 'nocobaseUrl']);
  });

  const ready = { signInBy: 'nocobase', clientId: 'ding', hasClientSecret: true };

  it.each([
    ['https://crm.example.com/nb', true],
    ['http://localhost:13000', true],
    ['http://192.168.1.20:13000', false],
    ['http://crm.example.com', false],
  ])('may be NocoBase at %s: %s', (nocobaseUrl, isReady) => {
    expect(publicOptions({ ...ready, nocobaseUrl })).toMatchObject({ ready: isReady });
  });

  it('may be NocoBase in a private network if that is allowed, whatever gateway was configured', () => {
    const nocobaseUrl = 'http://192.168.1.20:13000';
    expect(publicOptions({ ...ready, nocobaseUrl, allowPrivateHttp: true })).toMatchObject({ ready: true });
    const had = { ...ready, nocobaseUrl: 'https://crm.example.com', gatewayUrl: 'http://192.168.1.20:3000' };
    expect(publicOptions(had)).toMatchObject({ ready: true });
    // Codes go to the gateway; NocoBase itself may be at any address.
    const byGateway = { ...ready, signInBy: 'gateway', gatewayUrl, nocobaseUrl: 'http://crm.example.com' };
    expect(publicOptions(byGateway)).toMatchObject({ ready: true });
  });

  it('drops invalid settings of the other way, and nothing else', () => {
    const wrong = { gatewayUrl: 'x', gatewayInternalUrl: 'http://example.com', gatewayKeys: 'y', codePattern: '.*' };
    expect(withoutWrongOfOtherWay({ ...wrong, signInBy: 'nocobase' })).toEqual({
      signInBy: 'nocobase',
      codePattern: '.*',
    });
    const { codePattern: _, ...ofGateway } = wrong;
    expect(withoutWrongOfOtherWay({ ...wrong, signInBy: 'gateway' })).toEqual({ ...ofGateway, signInBy: 'gateway' });
    for (const options of [wrong, { ...wrong, signInBy: 'both' }, { signInBy: 'nocobase', gatewayUrl }]) {
      expect(withoutWrongOfOtherWay(options)).toEqual(options);
    }
  });

  it('may require dedicated accounts for one organization only, if it is NocoBase', () => {
    const exclusive = { signInBy: 'nocobase', exclusiveLogin: true };
    expect(problem({ ...exclusive, corpIds: ['a'] })).toBeUndefined();
    expect(problem({ ...exclusive, corpIds: [] })).toBe('settings.exclusiveLogin');
    expect(problem({ ...exclusive, corpIds: ['a', 'b'] })).toBe('settings.exclusiveLogin');
    expect(problem({ ...exclusive, signInBy: 'gateway', gatewayUrl })).toBeUndefined();
  });
});

describe('A setting in the form', () => {
  const taken = settings.parse({});

  it('has the same default as in the gateway', () => {
    const { clientSecret: _secret, corpId: corpIds, ...ofDingTalk } = formSettings(dingtalk);
    const { authenticator: _name, ...ofNocoBase } = formSettings(nocobase);
    for (const [key, { default: otherwise = '' }] of Object.entries({ ...ofDingTalk, corpIds, ...ofNocoBase })) {
      expect([key, taken[key as keyof typeof taken]]).toEqual([key, otherwise]);
    }
    expect(taken).not.toHaveProperty('timeoutMs');
  });

  it('has a field', () => {
    const sections = 'nocobase-plugin/src/client-shared/sections';
    const form = readdirSync(sections)
      .map((file) => readFileSync(`${sections}/${file}`, 'utf8'))
      .join();
    const fields = [...form.matchAll(/path: \['(\w+)'/g)].map(([, name]) => name);
    const { hasClientSecret: _, ...asked } = taken;
    expect(new Set(fields)).toEqual(new Set([...Object.keys(asked), 'clientSecret', 'redirectUrl', 'eventsUrl']));
  });
});

describe('The role root', () => {
  it('is never given to new users, neither on saving nor if a record was written without going through the rules', async () => {
    expect(problem({ defaultRoles: ['member', 'root'] })).toBe('settings.rootRole');
    expect(problem({ defaultRoles: ['member'] })).toBeUndefined();
    const directory = new RepositoryUserDirectory({} as never, 'dingtalk', 'CN');
    const user = { subject: 'u', nickname: 'N', username: 'n', roles: ['root'] } as unknown as NewUser;
    await expect(directory.register(user)).rejects.toMatchObject({ detail: 'the role root is given to nobody' });
  });
});

describe('A NocoBase variable', () => {
  it.each([
    '{{ $env.X }}',
    '{{$env.X}}',
    'ding-{{ $env.X }}',
    ['ours', '{{ $env.X }}'],
    { public: { autoSignIn: '{{ $env.X }}' } },
  ])('is found in %j', (value) => {
    expect(holdsVariable(value)).toBe(true);
  });

  it.each(['', undefined, null, '{ }', '$env.X', { a: { b: { c: [{}, [{}]] } } }, ['{', '{']])(
    'is not found in %j',
    (value) => {
      expect(holdsVariable(value)).toBe(false);
    },
  );
});

describe('A Client ID', () => {
  const rows = [
    { name: 'APP', type: 'default', value: ' ding-app\n' },
    { name: 'TEAM', type: 'default', value: '{{ $env.SECRET }}' },
    { name: 'SECRET', type: 'secret', value: 'CANARY' },
    { name: 'ODD', type: null, value: 'CANARY' },
  ];
  const database = (isThere: boolean): Database =>
    ({
      getCollection: () => (isThere ? {} : undefined),
      getRepository: () => ({
        find: async ({ filter }: { filter: { name: readonly string[] } }) =>
          rows
            .filter(({ name }) => filter.name.includes(name))
            .map((row) => ({ get: (column: keyof typeof row) => row[column] })),
      }),
    }) as unknown as Database;
  const filledIn = async (written: string, isThere = true) => clientIdOf(written, database(isThere));

  it.each([
    ['', ''],
    ['ding-client', 'ding-client'],
    ['{{ $env.APP }}', 'ding-app'],
    ['{{$env.APP}}', 'ding-app'],
    ['ding{{ $env.APP }}-{{ $env.APP }}', 'dingding-app-ding-app'],
    // Replaced once: a variable's value is not a template.
    ['{{ $env.TEAM }}', '{{ $env.SECRET }}'],
  ])('%j becomes %j', async (written, value) => {
    expect(await filledIn(written)).toEqual({ value });
  });

  it.each([
    ['{{ $env.SECRET }}', { problem: 'settings.variableSecret', name: 'SECRET' }],
    ['{{ $env.APP }}{{ $env.SECRET }}', { problem: 'settings.variableSecret', name: 'SECRET' }],
    ['{{ $env.ODD }}', { problem: 'settings.variableSecret', name: 'ODD' }],
    ['{{ $env.app }}', { problem: 'settings.variableUnknown', name: 'app' }],
    ['{{ $user.id }}', { problem: 'settings.variable' }],
    ['{{ $env.APP', { problem: 'settings.variable' }],
    ['{{ {{ $env.APP }} }}', { problem: 'settings.variable' }],
    ['{{ $env.APP | upper }}', { problem: 'settings.variable' }],
    ['{{ $env.APP.constructor }}', { problem: 'settings.variable' }],
  ])('%j is refused', async (written, problem) => {
    expect(await filledIn(written)).toEqual(problem);
  });

  it('has no variables if NocoBase has none', async () => {
    expect(await filledIn('ding-client', false)).toEqual({ value: 'ding-client' });
    expect(await filledIn('{{ $env.APP }}', false)).toEqual({ problem: 'settings.variableUnknown', name: 'APP' });
  });

  it('may name several', () => {
    expect(variablesIn('{{ $env.A }}{{$env.B_2}}{{ $env.A }}')).toEqual(['A', 'B_2']);
    expect(variablesIn('plain')).toEqual([]);
  });
});
