export { GatewayErrorFilter } from './gateway-error.filter.js';
export { type GatewayRequest, rememberReturnPath, rememberWayIn, requestId } from './gateway-request.js';
export { handOffPage } from './hand-off.page.js';
export { preferredLocale } from './locale.js';
export { PagesModule } from './pages.module.js';
export { PAGES_OPTIONS, type PagesOptions } from './pages.options.js';
export { Responder } from './responder.js';
export { signInPage } from './sign-in.page.js';
