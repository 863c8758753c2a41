import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { FLOOR, newerThan } from '../../scripts/browser-floor.mjs';
import { eventually } from './eventually.js';

/** In an older browser NocoBase 2.2.15 shows nothing, whatever it was built for: docs/browsers.md. */
export const NOCOBASES_FLOOR = 93;

/**
 * For a test in a browser, in milliseconds: NocoBase's clients are several megabytes of JavaScript, and the machine may be busy. A
 * page waits for half of it.
 */
export const PATIENCE = 150_000;

/**
 * NocoBase's scripts are loaded some 250 times, each time in a page that lives for seconds. So V8 neither makes code faster nor
 * collects garbage early; and it does not parse scripts while they arrive, because then it would not look for what it compiled for
 * the previous page of the process.
 */
const V8_FLAGS = ['--no-opt', '--no-maglev', '--no-script-streaming', '--min-semi-space-size=32'];

/** Our pages, by their path; all others are NocoBase's, or replace DingTalk's. */
const OURS = '/auth/dingtalk|^/sso(?:/|$)|dingtalk(?::redeem|:start|/callback/)';

/**
 * A real headless Chromium that makes no network requests of its own. It is made to look old: our pages have nothing that is newer
 * than our floor, other pages nothing that is newer than NocoBase's.
 */
export async function launchChromium(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      `--js-flags=${V8_FLAGS.join(' ')}`,
    ],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (...options) => madeOld(await newContext(...options));
  return browser;
}

/**
 * A tab of an earlier test as the only one of a new browser, except for what its process has fetched and compiled: in another tab
 * or context, a page of NocoBase's takes much more CPU time.
 *
 * @param light address of a page with little in it, where NocoBase is
 * @param others origins of further pages that it may have visited; their session storage stays
 */
export async function asNew(page: Page, light: string, others: readonly string[] = []): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  // Leaves the former page, which may still be on its way to another one.
  await eventually(async () => page.goto(light), PATIENCE / 2);
  await page.context().clearCookies();
  await page.evaluate('sessionStorage.clear()');
  const session = await page.context().newCDPSession(page);
  for (const origin of [new URL(light).origin, ...others]) {
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage' });
  }
  await session.send('Page.resetNavigationHistory');
  await session.detach();
}

/**
 * Before a NocoBase is handed back: a page of its client goes on asking, with a session that outlives what is in the database. The next
 * suite's users have the same ids, and NocoBase would remember for them what it found between two states.
 */
export async function leaveAll(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(pages.map(async (page) => eventually(async () => page.goto('about:blank'), PATIENCE / 2)));
}

/**
 * For a test that ends when NocoBase is reached: its pages are there, but not their scripts, several megabytes.
 *
 * @param nocobase its address
 */
export async function withoutNocoBasesScripts(page: Page, nocobase: string): Promise<void> {
  const isTheirs = (url: URL): boolean => url.href.startsWith(`${nocobase}/`) && url.pathname.endsWith('.js');
  await page.route(isTheirs, async (route) => route.abort());
}

/** Opens a menu under the pointer, and chooses from it. The page may be rendered again meanwhile, which closes the menu. */
export async function chooseFromMenu(button: Locator, choice: Locator): Promise<void> {
  await eventually(async () => {
    await button.page().mouse.move(0, 0);
    await button.hover();
    await choice.click({ timeout: 5000 });
  }, PATIENCE / 2);
}

/** Playwright's own scripts need them. */
const KEPT = ['globalThis', 'BigInt64Array', 'BigUint64Array', 'Element#checkVisibility'];

async function madeOld(context: BrowserContext): Promise<BrowserContext> {
  const [ours, theirs] = [FLOOR.chromium, NOCOBASES_FLOOR].map((chromium) =>
    newerThan(chromium).filter((name) => !KEPT.includes(name)),
  );
  // NocoBase compresses its scripts for each browser again, which costs more than sending them within one machine.
  await context.setExtraHTTPHeaders({ 'accept-encoding': 'identity' });
  await context.addInitScript(makeOld, { pattern: OURS, ours: ours ?? [], theirs: theirs ?? [] });
  return context;
}

/** Runs in the page, before its scripts. */
function makeOld(names: { pattern: string; ours: readonly string[]; theirs: readonly string[] }): void {
  const scope = globalThis as unknown as Record<string, Record<string, unknown> | undefined>;
  const isOurs = new RegExp(names.pattern).test(String(scope['location']?.['pathname']));
  for (const name of isOurs ? names.ours : names.theirs) {
    const [, owner = '', sign, member = ''] = /^(\w+)(?:([.#])(\w+))?$/.exec(name) ?? [];
    if (sign === undefined) delete scope[owner];
    else if (sign === '.') delete scope[owner]?.[member];
    else delete (scope[owner]?.['prototype'] as Record<string, unknown> | undefined)?.[member];
  }
}
