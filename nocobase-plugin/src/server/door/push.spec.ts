import { Readable } from 'node:stream';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import type { Context } from '@nocobase/server';
import { MAX_PUSH_BODY_BYTES, type PushAnswer } from '../../../../src/core/organization-events/index.js';
import { RateLimiter } from '../../../../src/core/limits/index.js';
import type { Settings } from '../settings.js';
import { takePush } from './push.js';
import { PushLimit } from './push-limit.js';

const SIGNED = '{"signed":true}';

describe('An HTTP push that does not come from DingTalk', () => {
  /** The handler for one authenticator: signed calls are accepted, all others refused. */
  function atDoor({ requestsPerMinute = 60, trustedProxies = [] as string[] } = {}) {
    const received: unknown[] = [];
    const limiter = new RateLimiter(
      { perAddress: requestsPerMinute, secret: 'secret' },
      (keyPrefix, points) => new RateLimiterMemory({ keyPrefix, points, duration: 60 }),
    );
    const parts = {
      watches: {
        takesPush: () => ({ trustedProxies }) as unknown as Settings,
        receive: async (_name: string, { body }: { body: unknown }): Promise<PushAnswer> => {
          received.push(body);
          const isSigned = Reflect.get(Object(body), 'signed') === true;
          return isSigned ? { status: 200, body: {} } : { status: 403, body: { error: 'refused' } };
        },
      },
      limit: new PushLimit(),
      limiterOf: () => limiter,
    };
    const call = async (chunks: Iterable<Buffer>, from = '192.0.2.1', forwarded?: string): Promise<number> => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const req = Object.assign(Readable.from(chunks), { socket: { remoteAddress: from }, headers });
      const context = { req, query: {}, set: () => undefined, status: 0 };
      await takePush(context as unknown as Context, 'dingtalk', parts);
      return context.status;
    };
    return { call, received };
  }

  async function called(chunks: () => Iterable<Buffer>): Promise<{ status: number; received: unknown[] }> {
    const { call, received } = atDoor();
    return { status: await call(chunks()), received };
  }

  it('is refused like any other if its sender disconnects while sending', async () => {
    const broken = function* (): Generator<Buffer> {
      yield Buffer.from('{"encrypt":"');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    };
    expect(await called(broken)).toEqual({ status: 403, received: [undefined] });
  });

  it("is read no further than DingTalk's longest push", async () => {
    let read = 0;
    const endless = function* (): Generator<Buffer> {
      for (;;) {
        read += 16_384;
        yield Buffer.alloc(16_384, 'a');
      }
    };
    expect(await called(endless)).toEqual({ status: 413, received: [] });
    expect(read).toBeLessThan(MAX_PUSH_BODY_BYTES + 20 * 16_384);
  });

  const text = (value: string): Buffer[] => [Buffer.from(value)];
  const long = (value: string): Buffer[] => [Buffer.from(value), Buffer.alloc(32 * 1024, ' ')];

  it('counts by address, except calls that DingTalk signed; after too many, long bodies are not read', async () => {
    const { call, received } = atDoor({ requestsPerMinute: 3 });
    for (let count = 0; count < 10; count++) expect(await call(text(SIGNED))).toBe(200);
    const refused: number[] = [];
    for (let count = 0; count < 5; count++) refused.push(await call(long('{}')));
    expect(refused).toEqual([403, 403, 403, 429, 429]);
    // The first that was one too many was read, and no other.
    expect(received).toHaveLength(14);
    expect(await call(long('{}'), '192.0.2.2')).toBe(403);
  });

  it('does not block DingTalk if all callers have the same address', async () => {
    const { call } = atDoor({ requestsPerMinute: 1 });
    await call(text('{}'));
    expect([await call(text('{}')), await call(text(SIGNED)), await call(text('{}'))]).toEqual([429, 200, 429]);
  });

  it('reads no long bodies from a network that changes its addresses, either', async () => {
    const { call, received } = atDoor({ requestsPerMinute: 3 });
    for (let count = 0; count < 4; count++) await call(long('{}'), `2001:db8::${count}`);
    expect(received).toHaveLength(4);
    expect([await call(long('{}'), '2001:db8::ffff'), received.length]).toEqual([429, 4]);
    // Of a /48, each /64 may be refused three times, all of them together twelve times.
    for (let count = 0; count < 16; count++) await call(long('{}'), `2001:db8:1:${count}00::1`);
    expect(received).toHaveLength(17);
    expect([await call(long('{}'), '2001:db8:1:ff00::1'), received.length]).toEqual([429, 17]);
    expect(await call(long('{}'), '2001:db8:2::1')).toBe(403);
  });

  it('counts for the address that a trusted proxy names', async () => {
    const { call } = atDoor({ requestsPerMinute: 1, trustedProxies: ['192.0.2.1'] });
    const from = async (address: string): Promise<number> => call(text('{}'), '192.0.2.1', address);
    expect([await from('198.51.100.1'), await from('198.51.100.1'), await from('198.51.100.2')]).toEqual([
      403, 429, 403,
    ]);
  });
});
