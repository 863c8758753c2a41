export { GatewayErrorFilter } from './gateway-error.filter.js';
export {
  type GatewayRequest,
  rememberErrorUrl,
  rememberReturnPath,
  rememberWayIn,
  requestId,
} from './gateway-request.js';
export { handOffPage } from './hand-off.page.js';
export { type InAppPage, inAppPage } from './in-app.page.js';
export { isDingTalkClient } from './dingtalk-client.js';
export { type Locale, preferredLocale } from './locale.js';
export { PagesModule } from './pages.module.js';
export { PAGES_OPTIONS, type PagesOptions } from './pages.options.js';
export { type PageNeeds, Responder } from './responder.js';
export { type ScanWidget, type SetUpNotice, type SignInButton, signInPage } from './sign-in.page.js';
export { withReturnPath } from './with-return-path.js';
