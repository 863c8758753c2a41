import { BenchBrowser } from './browser.js';

/**
 * Each browser does one piece of work after another while `goOn` returns true.
 *
 * @throws the first error of any piece of work, once all browsers have stopped
 */
export async function drive(
  browsers: readonly BenchBrowser[],
  work: (browser: BenchBrowser) => Promise<void>,
  goOn: () => boolean,
): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    browsers.map(async (browser) => {
      browser.forgetCookies();
      try {
        while (failures.length === 0 && goOn()) await work(browser);
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

/** A given number of times. */
export async function driveTimes(
  browsers: readonly BenchBrowser[],
  times: number,
  work: (browser: BenchBrowser) => Promise<void>,
): Promise<void> {
  let begun = 0;
  await drive(browsers, work, () => (begun += 1) <= times);
}

/** Lends browsers, and closes them. */
export async function withBrowsers<T>(count: number, work: (browsers: BenchBrowser[]) => Promise<T>): Promise<T> {
  const browsers = Array.from({ length: count }, () => new BenchBrowser());
  try {
    return await work(browsers);
  } finally {
    await Promise.all(browsers.map(async (browser) => browser.close()));
  }
}
