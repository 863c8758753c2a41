import { Controller, Get, type INestApplication, Injectable, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AuthModule,
  DingTalkAuthGuard,
  DingTalkModule,
  DingTalkSignInModule,
  type ExternalIdentity,
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
import {
  DEMO_CLIENT_ID,
  DEMO_CLIENT_SECRET,
  DEMO_CORP_ID,
  OTHER_CORP_ID,
  type Sandbox,
  startSandbox,
} from '../sandbox/index.js';
import { Browser } from './support/browser.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver } from './support/sign-in-case.js';

/** A part of the other application that needs NocoBase's users and sessions. */
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
    const dingtalk = DingTalkSignInModule.forRoot({
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

/** The controller of docs/nestjs.md: its own routes, without NocoBase. */
@Controller('sign-in')
@UseGuards(DingTalkAuthGuard)
class SignInController {
  @Get()
  start(): void {}

  @Get('back')
  back(@Req() { user }: { user: ExternalIdentity }): ExternalIdentity {
    return user;
  }
}

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('Another Nest application, without NocoBase, on %s', (_name, adapter) => {
  let sandbox: Sandbox;
  let other: INestApplication;
  let url: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const port = await freePort();
    url = `http://127.0.0.1:${port}/sign-in`;
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${url}/back`);
    const dingtalk = DingTalkModule.forRoot({
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      callbackUrl: `${url}/back`,
      cookieSecret: 'a-cookie-secret-for-tests-and-not-a-real-one',
      corpIds: [DEMO_CORP_ID],
      loginUrl: sandbox.loginUrl,
      apiUrl: sandbox.apiUrl,
      oapiUrl: sandbox.oapiUrl,
    });
    @Module({ imports: [dingtalk], controllers: [SignInController] })
    class OtherModule {}
    other = await NestFactory.create(OtherModule, adapter(), { logger: false });
    await other.listen(port, '127.0.0.1');
  });

  afterAll(async () => {
    await other?.close();
    await sandbox?.close();
  });

  const start = async (browser: Browser): Promise<string> => (await browser.get(url)).location;
  const exchanges = (): number => sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;
  const refusal = ({ status, text }: { status: number; text: string }): unknown => [
    status,
    (JSON.parse(text) as { error: string }).error,
  ];

  it('knows who returns from DingTalk', async () => {
    const browser = new Browser();
    const begun = await browser.get(url);
    const end = await browser.get(await sandbox.approve(begun.location, 'li-lei'));

    expect([begun.status, end.status]).toEqual([302, 200]);
    expect(JSON.parse(end.text)).toMatchObject({
      subject: sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID),
      name: '李雷',
      organization: DEMO_CORP_ID,
    });
    expect(browser.cookies.size).toBe(0);
    for (const answer of [begun, end]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('refuses an answer that is used again, and sends its code nowhere', async () => {
    const browser = new Browser();
    const callback = await sandbox.approve(await start(browser), 'li-lei');
    const cookies = [...browser.cookies];
    await browser.get(callback);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    const before = exchanges();

    expect(refusal(await browser.get(callback))).toEqual([400, 'invalid_state']);
    expect(exchanges()).toBe(before);
  });

  it('refuses an answer in a browser that did not start the sign-in, and the one that did can still use it', async () => {
    const [owner, stranger] = [new Browser(), new Browser()];
    const callback = await sandbox.approve(await start(owner), 'li-lei');
    await start(stranger);
    const before = exchanges();

    expect(refusal(await stranger.get(callback))).toEqual([400, 'invalid_state']);
    expect(exchanges()).toBe(before);
    expect((await owner.get(callback)).status).toBe(200);
  });

  it('has used up the state when the code is sent: a failed exchange cannot be retried', async () => {
    const browser = new Browser();
    const callback = await sandbox.approve(await start(browser), 'li-lei');
    const cookies = [...browser.cookies];
    sandbox.failures.set('userAccessToken', { status: 500, body: {} });
    const before = exchanges();
    expect(refusal(await browser.get(callback))).toEqual([502, 'upstream_failed']);
    sandbox.failures.clear();
    for (const [name, value] of cookies) browser.cookies.set(name, value);

    expect(refusal(await browser.get(callback))).toEqual([400, 'invalid_state']);
    expect(exchanges()).toBe(before + 1);
  });

  it('refuses people who declined, and people of another organization', async () => {
    const [declining, foreign] = [new Browser(), new Browser()];
    const denied = await sandbox.deny(await start(declining));
    expect(refusal(await declining.get(denied))).toEqual([403, 'access_denied']);
    // By changing the address of DingTalk's page, people can choose among all of their organizations.
    const page = new URL(await start(foreign));
    page.searchParams.delete('corpId');
    const callback = await sandbox.approve(page.href, 'han-meimei', OTHER_CORP_ID);
    expect(refusal(await foreign.get(callback))).toEqual([403, 'organization_not_allowed']);
  });

  it('starts nothing and uses nothing up for a prefetch', async () => {
    const browser = new Browser();
    const callback = await sandbox.approve(await start(browser), 'li-lei');
    expect(refusal(await browser.get(callback, { 'sec-purpose': 'prefetch' }))).toEqual([400, 'invalid_request']);
    expect((await browser.get(callback)).status).toBe(200);
  });
});
