import type { PluginAuthenticator } from '../plugin-protocol/index.js';
import { formless, readForm } from './authenticator-form.js';

const FORM: PluginAuthenticator = {
  name: 'dingtalk',
  title: '',
  enabled: true,
  clientId: 'dingabc',
  clientSecret: 'a secret',
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
      formless({ NOCOBASE_URL: 'http://nocobase:13000', NOCOBASE_HANDOFF: 'ticket', ...environment }),
    ).accounts.returnPaths;

  it('says which further pages people may be sent to, and no variable does', () => {
    expect(read({ returnPaths: ['/portal', '/kiosk/hall'] })).toEqual(['/portal', '/kiosk/hall']);
    expect(read({}, { NOCOBASE_RETURN_PATHS: '/elsewhere' })).toEqual([]);
    expect(read({ returnPaths: ['/portal'] }, { NOCOBASE_RETURN_PATHS: '/elsewhere' })).toEqual(['/portal']);
  });

  it('is refused where it lists what is no page', () => {
    expect(() => read({ returnPaths: ['/api'] })).toThrow(/authenticator dingtalk: nocobase\.returnPaths must list/);
  });
});
