import * as fc from 'fast-check';
import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import { readAuthenticatorsSource } from './authenticators-source.js';

const ADDRESSES = { PUBLIC_URL: 'https://app.example.com/sso', NOCOBASE_URL: 'http://nocobase:13000' };
const DINGTALK = { DINGTALK_CLIENT_ID: 'client-id', DINGTALK_CLIENT_SECRET: 'client-secret' };
const STOCK = {
  ...ADDRESSES,
  ...DINGTALK,
  NOCOBASE_API_TOKEN: 'api-token',
  NOCOBASE_JWT_SECRET: 'a-jwt-secret-for-tests-and-not-a-real-one',
};
const kindOf = (environment: Environment): string => readAuthenticatorsSource(environment).kind;

function problemsOf(environment: Environment): readonly string[] {
  const source = readAuthenticatorsSource(environment);
  if (source.kind === 'nocobase') return [];
  try {
    source.read();
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.problems;
    throw error;
  }
}

describe('The place where the ways to sign in are configured', () => {
  it('is NocoBase, with a hand-off by ticket, if only two addresses are set', () => {
    const source = readAuthenticatorsSource(ADDRESSES);
    if (source.kind !== 'nocobase') throw new Error(source.kind);
    expect(source.target).toMatchObject({ url: ADDRESSES.NOCOBASE_URL, publicUrl: ADDRESSES.NOCOBASE_URL });
    const form = {
      name: 'dingtalk',
      title: '',
      enabled: true,
      clientId: 'client-id',
      clientSecret: 'client-secret',
      corpIds: [],
      autoSignUp: false,
      allowAnyOrganization: false,
      identity: 'profile' as const,
      defaultRoles: [],
      fields: [],
    };
    expect(source.read(form).nocobase.handOff).toBe('ticket');
  });

  it.each<[string, Environment]>([
    ['an address for browsers', { NOCOBASE_PUBLIC_URL: 'https://app.example.com' }],
    ['settings for reaching DingTalk', { DINGTALK_PROXY_URL: 'http://proxy:3128', DINGTALK_TIMEOUT_MS: '3000' }],
    ['the plugin’s hand-off', { NOCOBASE_HANDOFF: 'ticket' }],
    ['empty variables, as Compose files write them', { DINGTALK_CLIENT_ID: '', NOCOBASE_API_TOKEN: ' ' }],
    ['the source itself', { AUTHENTICATORS_SOURCE: 'nocobase', ...DINGTALK }],
  ])('is NocoBase with %s', (_what, more) => {
    expect(kindOf({ ...ADDRESSES, ...more })).toBe('nocobase');
  });

  it.each<[string, Environment]>([
    ['the Client ID', { DINGTALK_CLIENT_ID: 'client-id' }],
    ['the Client Secret', { DINGTALK_CLIENT_SECRET: 'client-secret' }],
    ['a file with the Client Secret', { DINGTALK_CLIENT_SECRET_FILE: '/run/secrets/dingtalk' }],
    ['an organization', { DINGTALK_CORP_ID: 'ding123' }],
    ['a rule for registering', { DINGTALK_AUTO_SIGN_UP: 'false' }],
    ['an API key', { NOCOBASE_API_TOKEN: 'api-token' }],
    ['a file with an API key', { NOCOBASE_API_TOKEN_FILE: '/run/secrets/token' }],
    ["NocoBase's secret", { NOCOBASE_JWT_SECRET: 'jwt-secret' }],
    ['a hand-off without the plugin', { NOCOBASE_HANDOFF: 'page' }],
  ])('is the environment with %s: missing variables are named, and so is the alternative', (_what, more) => {
    expect(kindOf({ ...ADDRESSES, ...more })).toBe('environment');
    const problems = problemsOf({ ...ADDRESSES, ...more });
    expect(problems.some((line) => /^DINGTALK_CLIENT_(?:ID|SECRET) is required/.test(line))).toBe(true);
    expect(problems.at(-1)).toMatch(/^AUTHENTICATORS_SOURCE=nocobase is the alternative/);
  });

  it('offers no alternative to operators who chose one, or who only lack an API key', () => {
    const { NOCOBASE_API_TOKEN: _key, ...withoutKey } = STOCK;
    const { DINGTALK_CLIENT_ID: _id, ...withoutId } = STOCK;
    const others = (environment: Environment) => problemsOf(environment).filter((line) => /the alternative/.test(line));
    expect(others(withoutKey)).toEqual([]);
    expect(others({ ...withoutId, AUTHENTICATORS_SOURCE: 'environment' })).toEqual([]);
    expect(others(withoutId)).toHaveLength(1);
  });

  it('is unchanged for every environment that was valid before there was this default', () => {
    const given = (names: readonly string[], value: string) =>
      fc.subarray([...names]).map((chosen) => Object.fromEntries(chosen.map((name) => [name, value])));
    const working = fc.oneof(
      // Variables for one authenticator: these two were required.
      fc.constantFrom(DINGTALK, { DINGTALK_CLIENT_ID: 'i', DINGTALK_CLIENT_SECRET_FILE: '/run/secrets/dingtalk' }),
      fc.constant({ AUTHENTICATORS_FILE: '/etc/authenticators.yaml' }),
      fc.constant({ AUTHENTICATORS_SOURCE: 'environment', ...DINGTALK }),
    );
    const beside = fc.tuple(
      given(['NOCOBASE_API_TOKEN', 'NOCOBASE_JWT_SECRET', 'DINGTALK_CORP_ID', 'NOCOBASE_PUBLIC_URL'], 'x'),
      fc.constantFrom({}, ...['auto', 'ticket', 'page', 'query'].map((handoff) => ({ NOCOBASE_HANDOFF: handoff }))),
    );
    fc.assert(
      fc.property(working, beside, (base, [more, handOff]) => {
        expect(kindOf({ ...ADDRESSES, ...more, ...handOff, ...base })).toBe('environment');
      }),
    );
  });
});
