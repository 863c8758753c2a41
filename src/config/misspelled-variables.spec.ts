import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../settings.js';
import { misspelledVariables } from './misspelled-variables.js';

const names = (environment: Record<string, string>) => {
  const { problems, notices } = misspelledVariables(environment);
  return { problems: problems.map(({ en }) => en), notices: notices.map(({ en }) => en) };
};
const inFile = (environment: Record<string, string>) => {
  const file = { names: new Set(Object.keys(environment)), problems: [] };
  const { problems, notices } = misspelledVariables(environment, file);
  return { problems: problems.map(({ en }) => en), notices: notices.map(({ en }) => en) };
};

describe('an unknown variable', () => {
  it.each([
    ['DINGTALK_CORPID', 'DINGTALK_CORP_ID'],
    ['DINGTALK_CORP_IDS', 'DINGTALK_CORP_ID'],
    ['DINGTALK_COPR_ID', 'DINGTALK_CORP_ID'],
    ['DNIGTALK_CORP_ID', 'DINGTALK_CORP_ID'],
    ['dingtalk_corp_id', 'DINGTALK_CORP_ID'],
    ['DINGTALK-CORP-ID', 'DINGTALK_CORP_ID'],
    ['DINGTALK_СORP_ID', 'DINGTALK_CORP_ID'],
    ['NOCOBASE_PUBLICURL', 'NOCOBASE_PUBLIC_URL'],
    ['NOCOBASE_PROTECTED_ROLE', 'NOCOBASE_PROTECTED_ROLES'],
    ['AUTH_COOKIE_SECRETS', 'AUTH_COOKIE_SECRET'],
    ['AUTH_COOKIE_SECRET_FILES', 'AUTH_COOKIE_SECRET_FILE'],
    ['AUTHENTICATOR_FILE', 'AUTHENTICATORS_FILE'],
    ['TRUSTPROXY', 'TRUST_PROXY'],
    ['TRUSTED_PROXY', 'TRUST_PROXY'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['REDIS_URI', 'REDIS_URL'],
  ])('is refused as %s: %s is meant', (name, meant) => {
    const { problems, notices } = names({ [name]: 'CANARY' });
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(` is not a variable of the gateway: ${meant} is meant\\?$`)),
    ]);
    expect([...problems, ...notices].join()).not.toContain('CANARY');
  });

  it.each(['DINGTALK_CORP_ID_FILE', 'DINGTALK_CLIENT_ID_FILE', 'NOCOBASE_PROTECTED_ROLES_FILE'])(
    'is refused as %s, which supports no file',
    (name) => {
      const [line, ...others] = names({ [name]: '/run/secrets/x' }).problems;
      expect([line, others]).toEqual([expect.stringMatching(/cannot come from a file$/), []]);
    },
  );

  it.each([
    ['DINGTALK_ORGANIZATION', 'DINGTALK'],
    ['NOCOBASE_SECRET', 'NOCOBASE'],
    ['AUTH_TOKEN', 'AUTH'],
    ['REDIS_HOST', 'REDIS_MODE'],
  ])('is reported as %s, with the nearest', (name, nearest) => {
    const { problems, notices } = names({ [name]: 'x' });
    expect([problems, notices]).toEqual([[], [expect.stringContaining(`${name} is not a variable`)]]);
    expect(notices[0]).toContain(`the nearest is ${nearest}`);
  });

  it('is accepted if it belongs to NocoBase, Kubernetes, OpenTelemetry or any other program', () => {
    const others = {
      NOCOBASE_PKG_URL: 'x',
      NOCOBASE_PKG_USERNAME: 'x',
      NOCOBASE_APP_DEV: 'x',
      NOCOBASE_SERVICE_HOST: '10.0.0.1',
      NOCOBASE_SERVICE_PORT_HTTP: '80',
      NOCOBASE_PORT: 'tcp://10.0.0.1:13000',
      NOCOBASE_PORT_13000_TCP_ADDR: '10.0.0.1',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      CACHE_REDIS_URL: 'redis://x',
      PUBSUB_ADAPTER_REDIS_URL: 'redis://x',
      OTEL_EXPORTER_OTLP_HEADERS: 'x',
      APP_KEY: 'x',
      DB_HOST: 'x',
      HOME: '/root',
      PATH: '/bin',
      HOSTNAME: 'x',
      POST: 'x',
      LOGLEVEL: 'debug',
      HTTPS_PROXY: 'http://x',
      NO_PROXY: 'x',
      NO_COLOR: '1',
      NOCOBASE_ROOT_ACCOUNT: 'x',
      DINGTALK_CORPID: '',
    };
    expect(names(others)).toEqual({ problems: [], notices: [] });
  });

  it('is checked in a .env even if its name is short, and listed once', () => {
    expect(inFile({ PORTS: '1' }).problems).toEqual(['PORTS is not a variable of the gateway: PORT is meant?']);
    expect(inFile({ LOGLEVEL: 'debug' }).problems).toEqual([
      'LOGLEVEL is not a variable of the gateway: LOG_LEVEL is meant?',
    ]);
    expect(inFile({ APP_KEY: 'x', DB_HOST: 'x', TZ: 'x', bm90IGEgbmFtZQ: '=' })).toEqual({
      problems: [],
      notices: ['.env has what the gateway does not read: APP_KEY, DB_HOST'],
    });
  });

  it('is accepted if the file of authenticators refers to it', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'authenticators-')), 'authenticators.yaml');
    writeFileSync(path, 'authenticators: [{ dingtalk: { clientSecret: { env: DINGTALK_CLIENT_SECRET_2 } } }]');
    expect(names({ AUTHENTICATORS_FILE: path, DINGTALK_CLIENT_SECRET_2: 'x' }).problems).toEqual([]);
    expect(names({ DINGTALK_CLIENT_SECRET_2: 'x' }).problems).toHaveLength(1);
  });
});
