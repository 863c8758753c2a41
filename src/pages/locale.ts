import Negotiator from 'negotiator';
import type { GatewayRequest } from './gateway-request.js';

export type Locale = 'en' | 'zh';

/** From `Accept-Language`; English where it says nothing we speak. */
export function preferredLocale(request: Pick<GatewayRequest, 'headers'>): Locale {
  return new Negotiator(request).language(['en', 'zh']) === 'zh' ? 'zh' : 'en';
}

/** Whether the client would rather have JSON than a page. */
export function prefersJson(request: Pick<GatewayRequest, 'headers'>): boolean {
  return new Negotiator(request).mediaType(['text/html', 'application/json']) === 'application/json';
}
