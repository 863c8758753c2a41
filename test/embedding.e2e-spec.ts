import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  AuthModule,
  DingTalkModule,
  NocoBaseClientModule,
  type NocoBaseClientOptions,
  nonEmptyString,
  SharedStoreModule,
  PagesModule,
  RateLimitModule,
  phoneNumber,
  SessionIssuer,
  TelemetryModule,
  UserDirectory,
} from '../src/index.js';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { Browser } from './support/browser.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver } from './support/sign-in-case.js';

/** Something of the other application's own that wants NocoBase's users and sessions. */
@Injectable()
class Reports {
  constructor(
    readonly users: UserDirectory,
    readonly sessions: SessionIssuer,
  ) {}
}

describe('Another Nest application', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;

  beforeAll(async () => {
    [nocobase, sandbox] = await Promise.all([TestNocoBase.launch(), startSandbox()]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([sandbox?.close(), nocobase?.stop()]);
  });

  const nocobaseOptions = (): NocoBaseClientOptions => ({
    url: nocobase.url,
    publicUrl: nocobase.url,
    app: 'main',
    apiToken: nocobase.apiKey,
    jwtSecret: Buffer.from(nocobase.jwtSecret),
    authenticator: 'dingtalk',
    handOff: 'query',
    timeoutMs: 5000,
  });

  it('imports the NocoBase client and gets users and sessions through DI', async () => {
    @Module({ imports: [NocoBaseClientModule.forRootAsync({ useFactory: nocobaseOptions })], providers: [Reports] })
    class OtherModule {}
    const other = await NestFactory.createApplicationContext(OtherModule, { logger: false });
    const { users, sessions } = other.get(Reports);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: '13700000001' });

    const { byPhone } = await users.findMatches(phoneNumber('+8613700000001'), undefined);
    const { token, authenticator } = await sessions.issueFor(userId);

    expect(byPhone).toEqual([{ id: userId, roles: ['member'] }]);
    expect(await users.findByBinding(nonEmptyString('nobody'))).toEqual({ here: undefined, elsewhere: [] });
    expect((await nocobase.whoIs(token, authenticator)).id).toBe(userId);
    await other.close();
  });

  it('imports the whole sign-in, on Express', async () => {
    const publicUrl = `http://127.0.0.1:${await freePort()}`;
    const pages = PagesModule.forRoot({ publicUrl, passwordUrl: `${nocobase.url}/signin` });
    const store = SharedStoreModule.forRoot({});
    const limits = RateLimitModule.forRoot({ imports: [store], perAddress: 100, secret: 'a secret' });
    const auth = AuthModule.forRoot({
      imports: [NocoBaseClientModule.forRoot(nocobaseOptions()), store],
      publicUrl,
      cookieSecrets: ['a-cookie-secret-for-tests-and-not-a-real-one'],
      transactionTtlSeconds: 600,
      defaultPath: '/admin',
      nocobasePublicUrl: nocobase.url,
      policy: { allowedOrganizations: ['dingcorp1'], protectedRoles: ['root'], autoSignUp: true, defaultRoles: [] },
    });
    const dingtalk = DingTalkModule.forRoot({
      imports: [auth, pages, limits, store],
      publicUrl,
      authenticator: 'dingtalk',
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      corpIds: ['dingcorp1'],
      loginUrl: sandbox.loginUrl,
      apiUrl: sandbox.apiUrl,
      oapiUrl: sandbox.oapiUrl,
      identity: 'profile',
      timeoutMs: 5000,
    });
    const telemetry = TelemetryModule.forRoot({ metrics: true, traces: undefined, authenticators: ['dingtalk'] });
    @Module({ imports: [dingtalk, telemetry] })
    class OtherModule {}
    const other = await NestFactory.create(OtherModule, new ExpressAdapter(), { logger: false });
    await other.listen(Number(new URL(publicUrl).port), '127.0.0.1');
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${publicUrl}/auth/dingtalk/dingtalk/callback`);

    const browser = new Browser();
    const start = await browser.get(`${publicUrl}/auth/dingtalk?redirect=/admin/x`);
    const end = await browser.get(await sandbox.approve(start.location, 'li-lei'));
    const repeated = await browser.get(`${publicUrl}/auth/dingtalk/dingtalk/callback?code=x&state=y`);

    const { token, authenticator, url } = handedOver(end.location);
    expect([end.status, url.pathname]).toEqual([303, '/admin/x']);
    expect((await nocobase.whoIs(token, authenticator)).nickname).toBe('李雷');
    expect(browser.cookies.size).toBe(0);
    expect([repeated.status, repeated.errorCode]).toEqual([400, 'invalid_state']);
    expect(repeated.headers.get('cache-control')).toBe('no-store');
    const metrics = await browser.get(`${publicUrl}/metrics`);
    expect(metrics.text).toMatch(/^gateway_sign_ins_total\{.*outcome="success".*\} 1$/m);
    await other.close();
  });
});
