import type { BrowserGrant, CodePool, InAppGrant } from './codes.js';
import type { StreamDesk } from './events/stream-desk.js';
import type { Answer, Call } from './http.js';
import type { Tokens } from './tokens.js';
import type { World } from './world.js';

/** The state that handlers act on. */
export interface State {
  world: World;
  browserCodes: CodePool<BrowserGrant>;
  inAppCodes: CodePool<InAppGrant>;
  tokens: Tokens;
  stream: StreamDesk;
}

export type Handler = (call: Call, state: State) => Answer;

/** The form of an error: a page, a v1.0 body, a topapi envelope, or a bare errcode. */
export type Generation = 'login' | 'v1' | 'topapi' | 'oapi';
