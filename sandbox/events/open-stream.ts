import type { Answer, Call } from '../http.js';
import type { State } from '../state.js';

/** POST /v1.0/gateway/connections/open: https://open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol */
export function openStream(call: Call, { stream }: State): Answer {
  return stream.giveTicket(call);
}
