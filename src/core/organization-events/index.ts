export { EventListeners, type EventSource } from './event-listeners.js';
export { EventStreams, STREAM_TOLD_FOR_MS } from './event-streams.js';
export { type Moments, realMoments } from './moments.js';
export { eventOfFrame, eventOfPush, MAX_IDS } from './parse.js';
export {
  MAX_PUSH_BODY_BYTES,
  PUSH_REFUSALS,
  type PushAnswer,
  type PushHost,
  type PushNotice,
  type PushOptions,
  PushReceiver,
  type PushRefusal,
} from './push/push-receiver.js';
export { StreamClient, type StreamHost } from './stream/stream-client.js';
export { STREAM_NOTICES, type StreamNotice, type StreamState, type StreamTrouble } from './stream/stream-notice.js';
export type { SocketListener, SocketOpener, StreamSocket } from './stream/stream-socket.js';
export type { StreamApplication } from './stream/ticket.js';
