import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Browser as ConsentBrowser } from '../sandbox/browser.js';
import { Browser } from './support/browser.js';
import { MAIN } from './support/gateway-process.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { handedOver } from './support/sign-in-case.js';
import { compileTools } from './support/tools.js';

const ROOT = join(__dirname, '..');

/** Starts the demo as its reader does. @returns the address to open, NocoBase's address, and how to end it */
async function startDemo(...options: string[]): Promise<{ open: string; nocobase: string; stop: () => Promise<void> }> {
  const program = [join(ROOT, 'build/demo/main.js'), ...options];
  const child = spawn(process.execPath, program, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (/^READY .*\n/m.test(output)) resolve();
      });
    }
    child.once('exit', () => reject(new Error(output)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await once(child, 'exit');
  };
  const found = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? '';
  return { open: found(/^READY {2}Open (\S+)/m), nocobase: found(/NocoBase itself: (\S+)\/signin/), stop };
}

/** Through the gateway and DingTalk's page. @returns where the gateway finally redirects */
async function throughDingTalk(start: string): Promise<string> {
  const browser = new Browser();
  const dingtalk = (await browser.get(start)).location;
  const { origin } = new URL(dingtalk);
  return (await browser.get(await new ConsentBrowser(`${origin}/login`).approve(dingtalk, 'li-lei'))).location;
}

describe('npm run demo', () => {
  let stop: (() => Promise<void>) | undefined;

  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first, as `npm test` does');
    compileTools();
  }, 180_000);
  afterEach(async () => stop?.(), 30_000);

  it.each([
    ['--help', 0, /^npm run demo .*--stock/s, /^$/],
    ['--version', 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    ['--stok', 2, /^$/, /^Unknown option '--stok'.*\n\nnpm run demo/],
    ['--stock --alone', 2, /^$/, /choose one\n\nnpm run demo/],
  ])('explains %s, and starts nothing', (options, status, stdout, stderr) => {
    const said = spawnSync(process.execPath, [join(ROOT, 'build/demo/main.js'), ...options.split(' ')], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect([said.status, said.stdout, said.stderr]).toEqual([
      status,
      expect.stringMatching(stdout),
      expect.stringMatching(stderr),
    ]);
  });

  it.each([
    [{ LC_ALL: 'zh_CN.UTF-8' }, /^npm run demo \[-- 选项\]/],
    [{ LC_ALL: 'C.UTF-8', LANG: 'zh_CN.UTF-8' }, /^npm run demo \[-- OPTION\]/],
  ])('speaks the language of the terminal: %j', (locale, stdout) => {
    const program = [join(ROOT, 'build/demo/main.js'), '--help'];
    const said = spawnSync(process.execPath, program, { encoding: 'utf8', env: { ...process.env, ...locale } });
    expect(said.stdout).toMatch(stdout);
  });

  it('shows a NocoBase with the plugin, in which people can sign in', async () => {
    const demo = await startDemo();
    ({ stop } = demo);
    expect(demo.open).toBe(`${demo.nocobase}/signin`);
    const browser = new PluginBrowser(`${demo.nocobase}/api`);
    const { location } = await browser.start({ redirect: '/admin' });
    const [, ticket = ''] = (await throughDingTalk(location.href)).split('#ticket=');
    const { status, user } = await browser.redeem(ticket);
    expect(status).toBe(200);
    expect(user).toMatchObject({ nickname: 'Li Lei (already in NocoBase)' });
  }, 150_000);

  it('shows a NocoBase that signs people in by itself', async () => {
    const demo = await startDemo('--alone');
    ({ stop } = demo);
    expect(demo.open).toBe(`${demo.nocobase}/signin`);
    const browser = new PluginBrowser(`${demo.nocobase}/api`);
    const { location } = await browser.start({ redirect: '/admin' });
    const answer = await new ConsentBrowser(`${location.origin}/login`).approve(location.href, 'li-lei');
    expect(await browser.bring(new URL(answer).search.slice(1))).toMatchObject({
      status: 200,
      redirect: '/admin',
      user: { nickname: 'Li Lei (already in NocoBase)' },
    });
  }, 150_000);

  it('shows a NocoBase without the plugin, in which they can sign in, too', async () => {
    const demo = await startDemo('--stock');
    ({ stop } = demo);
    const { token, authenticator, url } = handedOver(
      await throughDingTalk(`${demo.open}auth/dingtalk?redirect=/admin`),
    );
    expect(url.href).toMatch(`${demo.nocobase}/admin`);
    const headers = { authorization: `Bearer ${token}`, 'x-authenticator': authenticator };
    const checked = await fetch(`${demo.nocobase}/api/auth:check`, { headers });
    expect(await checked.json()).toMatchObject({ data: { nickname: 'Li Lei (already in NocoBase)' } });
  }, 150_000);
});
