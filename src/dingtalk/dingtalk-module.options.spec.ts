import { applicationOptions, type DingTalkModuleOptions } from './dingtalk-module.options.js';
import { authorizationUrl } from '../core/dingtalk/index.js';
import { withCallbackUrl } from './dingtalk.options.js';

const OPTIONS: DingTalkModuleOptions = {
  clientId: 'id',
  clientSecret: 'secret',
  callbackUrl: 'https://app.example.com/sign-in/back',
  cookieSecret: 'x'.repeat(32),
};

describe('The options of DingTalkModule', () => {
  it('lead to DingTalk and back to the application’s route', () => {
    const url = new URL(authorizationUrl(withCallbackUrl(applicationOptions(OPTIONS)), 'state'));
    expect(url.origin).toBe('https://login.dingtalk.com');
    expect(url.searchParams.get('redirect_uri')).toBe(OPTIONS.callbackUrl);
  });

  it('have the defaults of the gateway', () => {
    expect(applicationOptions(OPTIONS)).toMatchObject({
      identity: 'profile',
      corpIds: [],
      apiUrl: 'https://api.dingtalk.com',
      oapiUrl: 'https://oapi.dingtalk.com',
      timeoutMs: 5000,
    });
    expect(applicationOptions({ ...OPTIONS, timeoutMs: 100 }).timeoutMs).toBe(100);
  });

  it('are refused with a weak cookie secret', () => {
    expect(() => applicationOptions({ ...OPTIONS, cookieSecret: 'x'.repeat(31) })).toThrow(/cookieSecret/);
  });

  it.each(['callbackUrl', 'loginUrl', 'apiUrl', 'oapiUrl'])('are refused if %s is not encrypted', (name) => {
    expect(() => applicationOptions({ ...OPTIONS, [name]: 'http://app.example.com/back' })).toThrow(name);
    expect(() => applicationOptions({ ...OPTIONS, [name]: 'http://127.0.0.1:3000/back' })).not.toThrow();
  });

  it.each([[undefined], [null], [['']], ['ding1']])('are refused with corpIds that restrict nothing: %j', (corpIds) => {
    expect(() => applicationOptions({ ...OPTIONS, corpIds: corpIds as never })).toThrow(/corpIds/);
  });

  it('separate the transactions of two applications, even with the same cookie secret', () => {
    const [one, other] = ['one', 'other'].map((clientId) => applicationOptions({ ...OPTIONS, clientId }));
    expect(one?.authenticator).not.toBe(other?.authenticator);
  });
});
