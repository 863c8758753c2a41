import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { FakeMoments } from '../spec-support.js';
import { undiciSockets } from './undici-socket.js';

/** Accepts the handshake, or not even that, and sends nothing after it. */
let server: Server;
let sockets: Duplex[];
let answersHandshake: boolean;

beforeEach(async () => {
  sockets = [];
  answersHandshake = true;
  server = createServer().on('upgrade', ({ headers }, socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const answer = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accept}`,
    ];
    if (answersHandshake) socket.write(`${answer.join('\r\n')}\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function open(moments = new FakeMoments()) {
  const happened: string[] = [];
  const waiting: { what: string; resolve: () => void }[] = [];
  const note = (what: string): void => {
    happened.push(what);
    for (const entry of waiting) if (entry.what === what) entry.resolve();
  };
  const until = async (what: string): Promise<void> =>
    happened.includes(what) ? undefined : new Promise((resolve) => waiting.push({ what, resolve }));
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/connect?ticket=t`;
  const socket = undiciSockets(undefined, moments)(address, {
    opened: () => note('opened'),
    message: () => note('message'),
    ended: () => note('ended'),
  });
  return { socket, happened, until };
}

it('cuts a connection whose other end does not answer the closing handshake', async () => {
  const moments = new FakeMoments();
  const { socket, happened, until } = open(moments);
  await until('opened');
  socket.close();
  await moments.pass(1999);
  expect(happened).toEqual(['opened']);
  await moments.pass(1);
  await until('ended');
  expect(happened).toEqual(['opened', 'ended']);
  expect(moments.next()).toBeUndefined();
});

it('can be closed before it opens', async () => {
  answersHandshake = false;
  const { socket, happened, until } = open();
  socket.close();
  await until('ended');
  socket.send('nobody hears it');
  expect(happened).toEqual(['ended']);
});

it('ends if the handshake is refused', async () => {
  server
    .removeAllListeners('upgrade')
    .on('upgrade', (_request, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'));
  const { socket, happened, until } = open();
  await until('ended');
  socket.close();
  expect(happened).toEqual(['ended']);
});

it('is cut by a small compressed frame that would be large when decompressed', async () => {
  server.removeAllListeners('upgrade').on('upgrade', ({ headers }, socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        'Sec-WebSocket-Extensions: permessage-deflate',
        '\r\n',
      ].join('\r\n'),
    );
    const packed = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 'a'));
    const head = Buffer.alloc(10);
    // The last fragment of a text, compressed (RFC 7692), with a length of 64 bits.
    head.writeUInt16BE(0xc17f);
    head.writeBigUInt64BE(BigInt(packed.length), 2);
    expect(packed.length).toBeLessThan(200_000);
    socket.write(Buffer.concat([head, packed]));
  });
  const { happened, until } = open();
  await until('ended');
  expect(happened).toEqual(['opened', 'ended']);
});
