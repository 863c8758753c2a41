import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const LONGEST_MESSAGE = 1024 * 1024;

const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface WebSocketListener {
  text(message: string): void;
  closed(): void;
}

/** Answers a handshake. @returns undefined if it is invalid; the caller then refuses it */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex): ServerWebSocket | undefined {
  const key = request.headers['sec-websocket-key'];
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || typeof key !== 'string') return undefined;
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  return new ServerWebSocket(socket);
}

/** The server side of one WebSocket (RFC 6455), as far as a text protocol needs it. */
export class ServerWebSocket {
  #received = Buffer.alloc(0);
  #message: Buffer[] = [];

  constructor(private readonly socket: Duplex) {}

  listen(listener: WebSocketListener, head: Buffer): void {
    this.socket.on('error', () => this.socket.destroy());
    this.socket.once('close', () => listener.closed());
    // An HTTP server's sockets allow half-open connections: without this, a killed client stays connected.
    this.socket.once('end', () => this.socket.end());
    this.socket.on('data', (chunk: Buffer) => this.#read(chunk, listener));
    if (head.length > 0) this.#read(head, listener);
  }

  send(text: string): void {
    this.#write(OPCODE.text, Buffer.from(text));
  }

  /** Sends a close frame; the client answers and closes the connection. */
  close(code = 1000): void {
    this.#write(OPCODE.close, Buffer.from([code >> 8, code & 0xff]));
    this.socket.end();
  }

  /** As if the cable were pulled. */
  destroy(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer, listener: WebSocketListener): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) this.#take(frame, listener);
  }

  #take({ opcode, payload, isLast }: ClientFrame, listener: WebSocketListener): void {
    if (opcode === OPCODE.close) this.close();
    else if (opcode === OPCODE.ping) this.#write(OPCODE.pong, payload);
    else if (opcode === OPCODE.text || opcode === OPCODE.continuation) {
      this.#message.push(payload);
      if (!isLast) return;
      const text = Buffer.concat(this.#message).toString('utf8');
      this.#message = [];
      listener.text(text);
    }
  }

  /** A complete frame from a client, which is always masked (section 5.3). */
  #next(): ClientFrame | undefined {
    const bytes = this.#received;
    if (bytes.length < 2) return undefined;
    const short = bytes[1]! & 0x7f;
    const headLength = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < headLength + 4) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if ((bytes[1]! & 0x80) === 0 || length > LONGEST_MESSAGE) {
      this.destroy();
      return undefined;
    }
    const start = headLength + 4;
    if (bytes.length < start + length) return undefined;
    const mask = bytes.subarray(headLength, start);
    const payload = Buffer.from(bytes.subarray(start, start + length)).map((byte, index) => byte ^ mask[index % 4]!);
    this.#received = bytes.subarray(start + length);
    return { opcode: bytes[0]! & 0x0f, isLast: (bytes[0]! & 0x80) !== 0, payload: Buffer.from(payload) };
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(Buffer.concat([frameHead(opcode, payload.length), payload]));
  }
}

interface ClientFrame {
  opcode: number;
  isLast: boolean;
  payload: Buffer;
}

function frameHead(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  if (length < 65_536) return Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff]);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(((0x80 | opcode) << 8) | 127);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
