import { type Browser, chromium } from 'playwright-core';

/** A real Chromium without a window, that asks nothing of the network by itself. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
