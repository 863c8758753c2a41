import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MisconfiguredError } from '../../../../src/core/errors/index.js';
import { dingTalkEnvironment, readDingTalkEnvironment } from './dingtalk-environment.js';
import { readEventSecrets } from './event-environment.js';

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'environment-')), 'secret');
  writeFileSync(path, content);
  return path;
}

const DEFAULTS = {
  loginUrl: 'https://login.dingtalk.com',
  apiUrl: 'https://api.dingtalk.com',
  oapiUrl: 'https://oapi.dingtalk.com',
  timeoutMs: 5000,
};

describe("DingTalk's addresses, in NocoBase's environment", () => {
  it.each([{}, { DINGTALK_API_URL: '', DINGTALK_PROXY_URL: ' ' }])("default to DingTalk's own: %j", (environment) => {
    expect(dingTalkEnvironment(environment)).toEqual(DEFAULTS);
  });

  it('can be set by an operator', () => {
    const environment = {
      DINGTALK_LOGIN_URL: 'https://login.example.com/',
      DINGTALK_API_URL: 'http://127.0.0.1:8080/api',
      DINGTALK_OAPI_URL: 'https://oapi.example.com',
      DINGTALK_PROXY_URL: 'http://user:password@proxy.example.com:3128',
      DINGTALK_TIMEOUT_MS: '2500',
    };
    expect(dingTalkEnvironment(environment)).toEqual({
      loginUrl: 'https://login.example.com',
      apiUrl: 'http://127.0.0.1:8080/api',
      oapiUrl: 'https://oapi.example.com',
      proxyUrl: 'http://user:password@proxy.example.com:3128',
      timeoutMs: 2500,
    });
  });

  it('are refused as the gateway refuses them: each by name, in both languages, none with its value', () => {
    const environment = {
      DINGTALK_LOGIN_URL: 'http://login.CANARY.example.com',
      DINGTALK_API_URL: 'https://user:CANARY@api.example.com',
      DINGTALK_PROXY_URL: 'socks://CANARY',
      DINGTALK_TIMEOUT_MS: '0CANARY',
    };
    const answer = readDingTalkEnvironment(environment);
    const problems = 'problems' in answer ? answer.problems : [];
    expect(problems.map(({ name }) => name)).toEqual(Object.keys(environment));
    for (const { name, said } of problems) {
      expect(said.en).toContain(`${name} must `);
      expect(said.zh).toMatch(new RegExp(`^${name} .*\\p{Script=Han}`, 'u'));
    }
    expect(JSON.stringify(answer)).not.toContain('CANARY');
    expect(() => dingTalkEnvironment(environment)).toThrow(MisconfiguredError);
  });
});

describe("A secret of the operator, in NocoBase's environment", () => {
  const proxyUrl = 'http://user:password@proxy.example.com:3128';
  const aesKey = 'k'.repeat(43);

  it('may be in a file', () => {
    expect(dingTalkEnvironment({ DINGTALK_PROXY_URL_FILE: file(`${proxyUrl}\n`) })).toMatchObject({ proxyUrl });
    const files = { DINGTALK_EVENT_TOKEN_FILE: file('abc123\n'), DINGTALK_EVENT_AES_KEY_FILE: file(`${aesKey}\n`) };
    expect(readEventSecrets(files)).toEqual({ token: 'abc123', aesKey });
  });

  it('is refused, by its name, if it is also given directly, or if the file cannot be read', () => {
    const both = readDingTalkEnvironment({ DINGTALK_PROXY_URL: proxyUrl, DINGTALK_PROXY_URL_FILE: file(proxyUrl) });
    expect('problems' in both && both.problems[0].said.en).toBe(
      'DINGTALK_PROXY_URL_FILE and DINGTALK_PROXY_URL are both set: keep one',
    );
    const none = readDingTalkEnvironment({ DINGTALK_PROXY_URL_FILE: `${file('')}-not-there` });
    expect('problems' in none && none.problems[0].said.en).toMatch(
      /^DINGTALK_PROXY_URL_FILE names a file that cannot be/,
    );
    expect(readEventSecrets({ DINGTALK_EVENT_TOKEN_FILE: file(''), DINGTALK_EVENT_AES_KEY: aesKey })).toEqual({
      lacking: ['DINGTALK_EVENT_TOKEN_FILE'],
    });
  });
});
