import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import { readForm } from './authenticator-form.js';
import { readAuthenticatorsSource } from './authenticators-source.js';

const FORM: PluginAuthenticator = {
  name: 'dingtalk',
  title: '',
  enabled: true,
  clientId: 'dingabc',
  clientSecret: 'secret',
  corpIds: ['dingcorp1'],
  autoSignUp: false,
  allowAnyOrganization: false,
  identity: 'profile',
  defaultRoles: [],
  fields: [],
};

describe("NocoBase's form", () => {
  const read = (change: Partial<PluginAuthenticator>, environment: Record<string, string> = {}) =>
    readForm(
      { ...FORM, ...change },
      { NOCOBASE_URL: 'http://nocobase:13000', NOCOBASE_HANDOFF: 'ticket', ...environment },
    ).accounts.returnPaths;

  it('sets the further pages that people may be sent to, and no variable does', () => {
    expect(read({ returnPaths: ['/portal', '/kiosk/hall'] })).toEqual(['/portal', '/kiosk/hall']);
    expect(read({}, { NOCOBASE_RETURN_PATHS: '/elsewhere' })).toEqual([]);
    expect(read({ returnPaths: ['/portal'] }, { NOCOBASE_RETURN_PATHS: '/elsewhere' })).toEqual(['/portal']);
  });

  it('may name the prefix of the new client, whether or not the gateway knows it', () => {
    expect(read({ returnPaths: ['/new'] })).toEqual(['/new']);
    expect(read({ returnPaths: ['/new', '/portal'] }, { NOCOBASE_MODERN_CLIENT_PREFIX: 'new' })).toEqual(['/portal']);
  });

  it('is refused if it lists something that is no page', () => {
    expect(() => read({ returnPaths: ['/api'] })).toThrow(/authenticator dingtalk: nocobase\.returnPaths must list/);
  });

  it('decides about people who leave, and no variable does; an older plugin, which has no book, starts no watch', () => {
    const settings = (change: Partial<PluginAuthenticator>, environment: Record<string, string> = {}) => {
      const environmentOf = { NOCOBASE_URL: 'http://nocobase:13000', NOCOBASE_HANDOFF: 'ticket', ...environment };
      const { leavers, events } = readForm({ ...FORM, ...change }, environmentOf).dingtalk;
      return { leavers, events };
    };
    const variables = { DINGTALK_LEAVERS: 'lock', DINGTALK_EVENTS: 'stream' };
    expect(settings({ leavers: 'lock', events: 'stream' })).toEqual({ leavers: 'lock', events: 'stream' });
    expect(settings({ leavers: 'report' }, variables)).toEqual({ leavers: 'report', events: 'off' });
    expect(settings({}, variables)).toEqual({ leavers: 'off', events: 'off' });
  });

  it('receives calls from DingTalk only with the secrets of the environment', () => {
    const secrets = { DINGTALK_EVENT_TOKEN: 'token', DINGTALK_EVENT_AES_KEY: 'k'.repeat(43) };
    const environment = { NOCOBASE_URL: 'http://nocobase:13000', NOCOBASE_HANDOFF: 'ticket' };
    expect(readForm({ ...FORM, events: 'push' }, { ...environment, ...secrets }).dingtalk.events).toBe('push');
    expect(() => readForm({ ...FORM, events: 'push' }, environment)).toThrow(
      'authenticator dingtalk: dingtalk.events must not be push without DINGTALK_EVENT_TOKEN and DINGTALK_EVENT_AES_KEY',
    );
  });

  it('names the one organization that DINGTALK_EXCLUSIVE_LOGIN of the environment needs', () => {
    const source = readAuthenticatorsSource({
      AUTHENTICATORS_SOURCE: 'nocobase',
      NOCOBASE_URL: 'http://nocobase:13000',
      DINGTALK_EXCLUSIVE_LOGIN: 'true',
    });
    if (source.kind !== 'nocobase') throw new TypeError('not in NocoBase');
    expect(source.read(FORM).dingtalk).toMatchObject({ exclusiveLogin: true, corpIds: ['dingcorp1'] });
    for (const corpIds of [[], ['dingcorp1', 'dingcorp2']]) {
      expect(() => source.read({ ...FORM, corpIds })).toThrow(
        'NocoBase, authenticator dingtalk: dingtalk.exclusiveLogin needs exactly one organization',
      );
    }
  });
});
