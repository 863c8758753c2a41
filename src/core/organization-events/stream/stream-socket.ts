/** What happens to a socket. `ended` comes once, and nothing after it. */
export interface SocketListener {
  opened(): void;
  message(text: unknown): void;
  ended(): void;
}

export interface StreamSocket {
  send(text: string): void;
  /** Says goodbye; where the other end does not answer, the connection is cut a moment later. */
  close(): void;
}

/** @param address holds a ticket: it belongs in no log */
export type SocketOpener = (address: string, listener: SocketListener) => StreamSocket;
