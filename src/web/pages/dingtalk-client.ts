import type { GatewayRequest } from './gateway-request.js';

/** Only a hint: a browser that pretends to be DingTalk's client gets a page that finds no client. */
export function isDingTalkClient({ headers }: Pick<GatewayRequest, 'headers'>): boolean {
  return /DingTalk/i.test(headers['user-agent'] ?? '');
}
