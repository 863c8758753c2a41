import type { GatewayRequest } from './gateway-request.js';

/** A hint only: whoever claims to be DingTalk's client gets a page that finds no client to ask. */
export function isDingTalkClient({ headers }: Pick<GatewayRequest, 'headers'>): boolean {
  return /DingTalk/i.test(headers['user-agent'] ?? '');
}
