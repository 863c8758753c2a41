import { setTimeout as delay } from 'node:timers/promises';
import { BenchBrowser } from '../harness/browser.js';

const TICK_MS = 10;

/**
 * Starts work at a fixed rate, however long each piece takes, as people do independently of one another. Browsers are reused when
 * they are free.
 *
 * @param work must not reject
 */
export async function openLoop(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  work: (browser: BenchBrowser) => Promise<void>,
): Promise<void> {
  const free: BenchBrowser[] = [];
  const running = new Set<Promise<void>>();
  const began = performance.now();
  let begun = 0;
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - began) / 1000) {
    for (; begun < elapsed * perSecond; begun += 1) {
      const browser = free.pop() ?? new BenchBrowser();
      browser.forgetCookies();
      const one = work(browser);
      running.add(one);
      void one.finally(() => {
        free.push(browser);
        running.delete(one);
      });
    }
    await delay(TICK_MS);
  }
  await Promise.all(running);
  await Promise.all(free.map(async (browser) => browser.close()));
}
