import type { Context } from '@nocobase/server';
import { plainAddress } from '../../../../src/core/limits/index.js';
import { isTrustedOrigin } from './trusted-origin.js';

/** What the request of the button "Test" reveals about the way to this NocoBase. */
export interface SeenRequest {
  /** Origin of the administrator's page; undefined if the request does not contain it. */
  readonly origin: string | undefined;
  /** Whether NocoBase 2.2 accepts a sign-in from that page. */
  readonly isOriginTrusted: boolean;
  /** The address at the other end of the connection. */
  readonly peer: string | undefined;
  /** Whether a proxy names a client address; anyone can forge that header. */
  readonly isForwarded: boolean;
}

export function seenRequest(context: Context): SeenRequest {
  const page = context.get('Origin') || context.get('Referer');
  const origin = /^https?:\/\//.test(page) && URL.canParse(page) ? new URL(page).origin : undefined;
  return {
    origin,
    isOriginTrusted: origin === undefined || isTrustedOrigin(context, origin),
    peer: plainAddress(context.req.socket.remoteAddress),
    isForwarded: context.get('X-Forwarded-For') !== '',
  };
}
