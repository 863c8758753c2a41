import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.js';
import { missingField } from '../errors.js';
import { jsonAnswer, jsonBody, type Answer, type Call } from '../http.js';
import type { Ids } from '../ids.js';
import type { World } from '../world.js';
import type { DeliveryRecord, SandboxEvent } from './sandbox-event.js';
import { acceptWebSocket, type ServerWebSocket } from './web-socket.js';

export const STREAM_PATH = '/stream/connect';
const TICKET_MS = 90_000;
const PING_MS = 25_000;
/** Between announcing a disconnection and closing. */
const NOTICE_MS = 10_000;
/** After each delivery that was not acknowledged; after the last one the event is lost. */
const REDELIVERY_MS = [10_000, 30_000, 60_000, 120_000];

interface Connection {
  id: number;
  clientId: string;
  socket: ServerWebSocket;
  /** Its disconnection was announced: nothing more is sent on it. */
  isEnding: boolean;
  awaited: Map<string, DeliveryRecord>;
}

/** DingTalk's side of Stream: tickets, connections, and events that are repeated until they are acknowledged. */
export class StreamDesk {
  readonly #tickets = new Map<string, { clientId: string; expiresAt: number }>();
  readonly #connections = new Set<Connection>();
  readonly deliveries: DeliveryRecord[] = [];
  /** What clients sent, unchanged. */
  readonly received: string[] = [];
  /** Maximum number of simultaneous connections since the last reset. */
  mostAtATime = 0;
  /** Connections stay open, but nothing more is sent. */
  isSilent = false;
  #opened = 0;
  #messages = 0;

  constructor(
    private readonly world: World,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  giveTicket(call: Call): Answer {
    const body = jsonBody(call);
    if (!body) return missingField(call, 'body');
    const app = this.world.apps.get(String(body['clientId']));
    if (!app || app.clientSecret !== body['clientSecret']) {
      return jsonAnswer(401, { requestid: call.requestId, code: 'authFailed', message: '鉴权失败' }, 'authFailed');
    }
    const ticket = this.ids.token('ticket');
    this.#tickets.set(ticket, { clientId: app.clientId, expiresAt: this.clock.now() + TICKET_MS });
    return jsonAnswer(200, { endpoint: `ws://${call.headers.host ?? '127.0.0.1'}${STREAM_PATH}`, ticket });
  }

  /** A WebSocket handshake: a ticket is valid for one, for 90 s. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
    const ticket = url.searchParams.get('ticket') ?? '';
    const given = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    const isGood = url.pathname === STREAM_PATH && given !== undefined && given.expiresAt > this.clock.now();
    const accepted = isGood ? acceptWebSocket(request, socket) : undefined;
    if (!given || !accepted) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#opened += 1;
    const connection: Connection = {
      id: this.#opened,
      clientId: given.clientId,
      socket: accepted,
      isEnding: false,
      awaited: new Map(),
    };
    this.#connections.add(connection);
    this.mostAtATime = Math.max(this.mostAtATime, this.#connections.size);
    accepted.listen(
      { text: (text) => this.#read(connection, text), closed: () => void this.#connections.delete(connection) },
      head,
    );
    this.#keepAlive(connection);
  }

  /** Ids of the open connections, oldest first. */
  connections(): { id: number; clientId: string; isEnding: boolean }[] {
    return [...this.#connections].map(({ id, clientId, isEnding }) => ({ id, clientId, isEnding }));
  }

  /** To one of the application's connections, and repeated until it is acknowledged. */
  deliver(clientId: string, event: SandboxEvent, attempt = 1): void {
    const record: DeliveryRecord = { eventId: event.eventId, via: 'stream', attempt, outcome: 'nobody' };
    this.deliveries.push(record);
    const connection = this.#pick(clientId);
    if (connection && !this.isSilent) this.#send(connection, event, record);
    const wait = REDELIVERY_MS[attempt - 1];
    if (wait === undefined) return;
    this.clock.after(wait, () => {
      if (record.outcome !== 'SUCCESS') this.deliver(clientId, event, attempt + 1);
    });
  }

  /** DingTalk closes connections deliberately from time to time, and announces it. */
  disconnect(): void {
    for (const connection of this.#connections) {
      connection.isEnding = true;
      connection.socket.send(
        systemFrame('disconnect', this.#messageId(), { reason: 'persistent connection is timeout' }),
      );
      this.clock.after(NOTICE_MS, () => connection.socket.close());
    }
  }

  /** Without an announcement. */
  drop(): void {
    for (const { socket } of this.#connections) socket.destroy();
  }

  /** Any text, including invalid frames. */
  sendRaw(text: string): void {
    for (const { socket } of this.#connections) socket.send(text);
  }

  clear(): void {
    this.drop();
    this.#tickets.clear();
    for (const list of [this.deliveries, this.received]) list.length = 0;
    this.mostAtATime = 0;
    this.isSilent = false;
  }

  #send(connection: Connection, event: SandboxEvent, record: DeliveryRecord): void {
    const messageId = this.#messageId();
    record.outcome = 'pending';
    connection.awaited.set(messageId, record);
    connection.socket.send(eventFrame(event, messageId, this.clock.now()));
  }

  #read(connection: Connection, text: string): void {
    this.received.push(text);
    const { messageId, status } = readAnswer(text);
    const record = connection.awaited.get(messageId);
    if (record) record.outcome = status;
    connection.awaited.delete(messageId);
  }

  /** At random: there is no affinity, and no order between replicas. */
  #pick(clientId: string): Connection | undefined {
    const able = [...this.#connections].filter((one) => one.clientId === clientId && !one.isEnding);
    return able[Number.parseInt(this.ids.token('connection').slice(0, 8), 16) % able.length];
  }

  #keepAlive(connection: Connection): void {
    this.clock.after(PING_MS, () => {
      if (!this.#connections.has(connection)) return;
      const opaque = this.ids.token('ping');
      if (!connection.isEnding && !this.isSilent) {
        connection.socket.send(systemFrame('ping', this.#messageId(), { opaque }));
      }
      this.#keepAlive(connection);
    });
  }

  #messageId(): string {
    this.#messages += 1;
    return `sandbox_${this.#messages}`;
  }
}

/** The data of a frame is JSON in a string, and all headers are strings. */
function eventFrame({ eventId, type, corpId, userIds, bornAt }: SandboxEvent, messageId: string, now: number): string {
  return JSON.stringify({
    specVersion: '1.0',
    type: 'EVENT',
    headers: {
      topic: '*',
      messageId,
      contentType: 'application/json',
      time: String(now),
      eventType: type,
      eventId,
      eventBornTime: String(bornAt),
      eventCorpId: corpId,
      eventUnifiedAppId: '11111111-2222-3333-4444-555555555555',
    },
    data: JSON.stringify({ timeStamp: String(bornAt), userId: userIds }),
  });
}

const systemFrame = (topic: string, messageId: string, data: object): string =>
  JSON.stringify({
    specVersion: '1.0',
    type: 'SYSTEM',
    headers: { topic, messageId, contentType: 'application/json' },
    data: JSON.stringify(data),
  });

/** A client's answer to a message: the inner status, or the outer code. */
function readAnswer(text: string): { messageId: string; status: string } {
  try {
    const { code, headers, data } = JSON.parse(text) as { code: number; headers: { messageId: string }; data: string };
    const { status } = JSON.parse(data || '{}') as { status?: string };
    return { messageId: headers.messageId, status: status ?? String(code) };
  } catch {
    return { messageId: '', status: 'unreadable' };
  }
}
