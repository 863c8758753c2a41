import Negotiator from 'negotiator';
import type { GatewayRequest } from './gateway-request.js';

export type Locale = 'en' | 'zh';

/** From `Accept-Language`; English if it names no supported language. */
export function preferredLocale(request: Pick<GatewayRequest, 'headers'>): Locale {
  return negotiator(request).language(['en', 'zh']) === 'zh' ? 'zh' : 'en';
}

/** Whether the client prefers JSON to a page. */
export function prefersJson(request: Pick<GatewayRequest, 'headers'>): boolean {
  return negotiator(request).mediaType(['text/html', 'application/json']) === 'application/json';
}

/** Browsers send some 200 characters; longer headers are cut, because parsing them takes milliseconds. */
const MAX_LENGTH = 1024;

function negotiator({ headers }: Pick<GatewayRequest, 'headers'>): Negotiator {
  const { accept, 'accept-language': language } = headers;
  return new Negotiator({
    headers: {
      ...(accept === undefined ? {} : { accept: beginning(accept) }),
      ...(language === undefined ? {} : { 'accept-language': beginning(language) }),
    },
  });
}

/** As many whole items of a list as fit. */
function beginning(list: string): string {
  return list.length <= MAX_LENGTH ? list : list.slice(0, Math.max(0, list.lastIndexOf(',', MAX_LENGTH)));
}
