// https://open.dingtalk.com/document/development/jsapi-set-navigation-title: clients 6.0.0 and newer.
import 'dingtalk-jsapi/platform/index.js';
import { setNavigationTitle$ as setNavigationTitle } from 'dingtalk-jsapi/api/union/setNavigationTitle.js';

/**
 * The title of the page, and of the bar that DingTalk's client shows above it: some clients keep there what the page before
 * was called, and none hears of a change. Nobody waits for the client, and outside of it nothing happens.
 */
export function showTitle(title: string): void {
  document.title = title;
  try {
    setNavigationTitle({ title }).catch(() => undefined);
  } catch {
    // No client is around this page.
  }
}
