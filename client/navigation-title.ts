// https://open.dingtalk.com/document/development/jsapi-set-navigation-title: clients 6.0.0 and newer.
import 'dingtalk-jsapi/platform/index.js';
import { setNavigationTitle$ as setNavigationTitle } from 'dingtalk-jsapi/api/union/setNavigationTitle.js';

/**
 * Sets the title of the page, and of the bar that DingTalk's client shows above it: some clients keep the previous page's title
 * there, and none notices a change. The client's answer is not awaited; outside DingTalk nothing happens.
 */
export function showTitle(title: string): void {
  document.title = title;
  try {
    setNavigationTitle({ title }).catch(() => undefined);
  } catch {
    // Outside DingTalk's client.
  }
}
