import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLOOR, newerThan, problemsIn } from '../scripts/browser-floor.mjs';
import { launchChromium } from './support/chromium.js';
import { bundleClient } from './support/client-bundle.js';
import { packedPlugin } from './support/nocobase-plugin.js';
import { describeWith } from './support/requirements.js';

const ROOT = join(__dirname, '..');

/** Each of our browser scripts, as shipped. */
async function deliveredScripts(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'delivered-'));
  try {
    execFileSync('tar', ['-xzf', packedPlugin(), '-C', folder]);
    const ofPlugin = ['client/index.js', 'client-v2/index.js', 'pages/redeem-page.js'];
    return new Map([
      ...(await bundleClient()),
      ...ofPlugin.map((path): [string, string] => [path, readFileSync(join(folder, 'package/dist', path), 'utf8')]),
      ['deploy/proxy/sign-in.js', readFileSync(join(ROOT, 'deploy/proxy/sign-in.js'), 'utf8')],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('The browser floor', () => {
  it('is respected by all our scripts', async () => {
    const scripts = await deliveredScripts();
    expect([...scripts.keys()].toSorted()).toEqual([
      'client-v2/index.js',
      'client/index.js',
      'deploy/proxy/sign-in.js',
      'front-door.js',
      'hand-off-page.js',
      'in-app.js',
      'page-title.js',
      'pages/redeem-page.js',
      'scan-widget.js',
    ]);
    for (const [name, code] of scripts) expect([name, problemsIn(code)]).toEqual([name, []]);
  }, 120_000);

  it.each([
    ['AbortSignal.timeout(1)', 'AbortSignal.timeout'],
    ['URL.canParse(x)', 'URL.canParse'],
    ['Object.hasOwn(a, b)', 'Object.hasOwn'],
    ['Object.fromEntries(a)', 'Object.fromEntries'],
    ['window.structuredClone(a)', 'structuredClone'],
    ['queueMicrotask(f)', 'queueMicrotask'],
    ['new AbortController()', 'AbortController'],
    ['crypto.randomUUID()', '.randomUUID()'],
    ['[1].at(-1)', '.at()'],
    ["a.b['flatMap'](f)", '.flatMap()'],
    ['a.replaceAll(b, c)', '.replaceAll()'],
    ['a.finally(f)', '.finally()'],
    ['Promise.any(a)', 'Promise.any'],
    ['f(globalThis)', 'globalThis'],
    ['a?.b', 'ECMAScript'],
    ['a ?? b', 'ECMAScript'],
    ['try {} catch {}', 'ECMAScript'],
    ['({ ...a })', 'ECMAScript'],
    ['/(?<year>a)/', 'ECMAScript'],
    ['class A { b = 1 }', 'ECMAScript'],
  ])('refuses %s', (code, problem) => {
    expect(problemsIn(code).join()).toContain(problem);
  });

  it('allows a script to test for a feature', () => {
    expect(problemsIn("typeof AbortController === 'function' ? new AbortController() : f({ at: 1 }.at)")).toEqual([]);
  });

  it("is no higher than that of NocoBase's own clients", () => {
    // The vendor's own configuration comes with its package, for both clients.
    const clients = ['client', 'client-v2'].map((client) =>
      join(ROOT, 'real-nocobase/node_modules/@nocobase/app', client, 'rsbuild.config.ts'),
    );
    const floors = clients.map(
      (path) => /overrideBrowserslist: \['chrome >= (\d+)'/.exec(readFileSync(path, 'utf8'))?.[1],
    );
    expect(floors.map(Number)).toEqual([87, 87]);
    expect(FLOOR.chromium).toBeLessThanOrEqual(87);
  });

  it('is derived from types that know every later edition', () => {
    const names = newerThan(FLOOR.chromium);
    for (const name of ['Array#flat', 'Promise.allSettled', 'String#replaceAll', 'Array#at', 'Array#toSorted']) {
      expect(names).toContain(name);
    }
    for (const old of ['Array#includes', 'Object.entries', 'String#padStart', 'Promise.all', 'Map#get']) {
      expect(names).not.toContain(old);
    }
  });
});

describeWith('chromium', 'The browser of the other suites', (executablePath) => {
  it('is as old as the floor on our pages, and as old as NocoBase allows on others', async () => {
    const browser = await launchChromium(executablePath);
    try {
      const context = await browser.newContext();
      await context.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
      const page = await context.newPage();
      const left =
        'typeof AbortSignal === "function" ? [typeof AbortSignal.timeout, typeof [].flat, typeof [].findLast].join() : "none"';
      await page.goto('https://app.example.com/signin');
      expect(await page.evaluate(left)).toBe('undefined,function,undefined');
      await page.goto('https://app.example.com/api/dingtalk:redeem?authenticator=dingtalk');
      expect(await page.evaluate(left)).toBe('none');
      await page.goto('https://sso.example.com/auth/dingtalk/dingtalk/in-app');
      expect(await page.evaluate(left)).toBe('none');
    } finally {
      await browser.close();
    }
  }, 60_000);
});
