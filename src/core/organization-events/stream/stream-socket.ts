/** Socket events. `ended` comes once, and nothing after it. */
export interface SocketListener {
  opened(): void;
  message(text: unknown): void;
  ended(): void;
}

export interface StreamSocket {
  send(text: string): void;
  /** Starts the closing handshake; if the other end does not answer, the connection is cut a moment later. */
  close(): void;
}

/** @param address contains a ticket: never log it */
export type SocketOpener = (address: string, listener: SocketListener) => StreamSocket;
