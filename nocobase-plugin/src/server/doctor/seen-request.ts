import type { Context } from '@nocobase/server';
import { plainAddress } from '../../../../src/core/limits/index.js';

/** What the request of the button "Test" shows of the way to this NocoBase. */
export interface SeenRequest {
  /** Of the page that the administrator looks at; undefined where the request does not say. */
  readonly origin: string | undefined;
  /** The address at the other end of the connection. */
  readonly peer: string | undefined;
  /** Whether a proxy says who is behind it; anybody may say it. */
  readonly isForwarded: boolean;
}

export function seenRequest(context: Context): SeenRequest {
  const page = context.get('Origin') || context.get('Referer');
  return {
    origin: /^https?:\/\//.test(page) && URL.canParse(page) ? new URL(page).origin : undefined,
    peer: plainAddress(context.req.socket.remoteAddress),
    isForwarded: context.get('X-Forwarded-For') !== '',
  };
}
