import type { Application } from '@nocobase/server';
import { inWordsOfTheForm } from '../../../../src/core/doctor/index.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import type { SecretVault } from '../secret-vault.js';
import { settings } from '../settings.js';
import { readConfiguration } from './configuration.js';

const app = { name: 'sales' } as Application;
const vault = (secret: string): SecretVault => ({ read: async () => secret }) as unknown as SecretVault;

function filledIn(changes: object = {}): DingTalkAuthenticator {
  const nocobaseUrl = 'https://app.example.com';
  const options = { signInBy: 'nocobase', nocobaseUrl, clientId: 'ding-client', hasClientSecret: true, ...changes };
  return { id: 1, name: 'dingtalk', title: '', enabled: true, settings: settings.parse(options) };
}

describe('The credentials for DingTalk', () => {
  it('are available if everything is filled in and this node can read the Client Secret', async () => {
    const { results, application } = await readConfiguration(app, vault('sandbox-secret-not-real'), filledIn());
    expect(results.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(application).toMatchObject({
      clientId: 'ding-client',
      clientSecret: 'sandbox-secret-not-real',
      callbackUrl: 'https://app.example.com/api/__app/sales/dingtalk/callback/dingtalk',
      apiUrl: 'https://api.dingtalk.com',
    });
  });

  it('are unavailable if this node has a different key, with the advice that all nodes need the same one', async () => {
    const { results, application } = await readConfiguration(app, vault(''), filledIn());
    expect(application).toBeUndefined();
    const [, secret] = results.map((result) => inWordsOfTheForm(result, 'nocobase'));
    expect(secret?.status).toBe('failed');
    expect(secret?.fix?.en).toMatch(/^Enter "Client Secret" in NocoBase again.*storage\/apps\/sales\/aes_key\.dat/);
    expect(secret?.fix?.zh).toMatch(/所有节点必须使用相同的密钥.*APP_AES_SECRET_KEY/);
  });

  it.each(['q7x', 'your-client-secret', 'abababababababab'])(
    'are doubted if they cannot be valid: %s',
    async (secret) => {
      const { results } = await readConfiguration(app, vault(secret), filledIn());
      expect(results[1]?.status).toBe('failed');
      expect(JSON.stringify(results)).not.toContain(secret);
    },
  );

  it('are named if they are not filled in', async () => {
    const empty = filledIn({ clientId: '', hasClientSecret: false, nocobaseUrl: '' });
    const { results, application } = await readConfiguration(app, vault(''), empty);
    expect([results.map(({ status }) => status), application]).toEqual([['failed', 'skipped'], undefined]);
    expect(inWordsOfTheForm(results[0]!, 'nocobase').detail.zh).toBe(
      '未填写：NocoBase 中的“Client ID”、NocoBase 中的“Client Secret”、“NocoBase 地址”',
    );
  });

  it('are unavailable if the Client ID is a variable that NocoBase does not have', async () => {
    const without = { name: 'main', db: { getCollection: () => undefined } } as unknown as Application;
    const { results, application } = await readConfiguration(
      without,
      vault('x'),
      filledIn({ clientId: '{{ $env.ID }}' }),
    );
    expect([results[0]?.status, application]).toEqual(['failed', undefined]);
    expect(results[0]?.detail.en).toContain('has no variable ID, or it is a secret');
  });
});
