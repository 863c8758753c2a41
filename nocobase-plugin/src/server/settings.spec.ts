import { readFileSync } from 'node:fs';
import type { NewUser } from '../../../src/core/accounts/index.js';
import { RepositoryUserDirectory } from './repository-user-directory.js';
import { dingtalk, formSettings, nocobase } from '../../../src/core/settings/index.js';
import { settings, writtenSettings } from './settings.js';
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
    'may be %s for the server alone',
    (gatewayInternalUrl) => {
      expect(problem({ gatewayInternalUrl })).toBeUndefined();
    },
  );
});

describe('What the form asks for', () => {
  const taken = settings.parse({});

  it('is taken with the default that it has in the gateway', () => {
    const { clientSecret: _secret, corpId: corpIds, ...ofDingTalk } = formSettings(dingtalk);
    const { authenticator: _name, ...ofNocoBase } = formSettings(nocobase);
    for (const [key, { default: otherwise = '' }] of Object.entries({ ...ofDingTalk, corpIds, ...ofNocoBase })) {
      expect([key, taken[key as keyof typeof taken]]).toEqual([key, otherwise]);
    }
    expect(taken).not.toHaveProperty('timeoutMs');
  });

  it('has a field', () => {
    const form = readFileSync('nocobase-plugin/src/client-shared/form.ts', 'utf8');
    const fields = [...form.matchAll(/path: \['(\w+)'/g)].map(([, name]) => name);
    const { hasClientSecret: _, ...asked } = taken;
    expect(new Set(fields)).toEqual(new Set([...Object.keys(asked), 'clientSecret', 'redirectUrl']));
  });
});

describe('The role root', () => {
  it('is none for new users, neither on saving nor where a row was written past the rules', async () => {
    expect(problem({ defaultRoles: ['member', 'root'] })).toBe('settings.rootRole');
    expect(problem({ defaultRoles: ['member'] })).toBeUndefined();
    const directory = new RepositoryUserDirectory({} as never, 'dingtalk', 'CN');
    const user = { subject: 'u', nickname: 'N', username: 'n', roles: ['root'] } as unknown as NewUser;
    await expect(directory.register(user)).rejects.toMatchObject({ detail: 'root is given to nobody' });
  });
});

describe("A variable of NocoBase's", () => {
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
    // Filled in once: what a variable says is no template.
    ['{{ $env.TEAM }}', '{{ $env.SECRET }}'],
  ])('%j is %j', async (written, value) => {
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

  it('has no variables where NocoBase has none', async () => {
    expect(await filledIn('ding-client', false)).toEqual({ value: 'ding-client' });
    expect(await filledIn('{{ $env.APP }}', false)).toEqual({ problem: 'settings.variableUnknown', name: 'APP' });
  });

  it('may name several', () => {
    expect(variablesIn('{{ $env.A }}{{$env.B_2}}{{ $env.A }}')).toEqual(['A', 'B_2']);
    expect(variablesIn('plain')).toEqual([]);
  });
});
