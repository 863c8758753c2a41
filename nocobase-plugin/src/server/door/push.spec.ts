import { Readable } from 'node:stream';
import type { Context } from '@nocobase/server';
import { MAX_PUSH_BODY_BYTES, type PushAnswer } from '../../../../src/core/organization-events/index.js';
import { takePush } from './push.js';

describe('An HTTP push that does not come from DingTalk', () => {
  async function called(chunks: () => Iterable<Buffer>): Promise<{ status: number; received: unknown[] }> {
    const received: unknown[] = [];
    const watches = {
      takesPush: () => true,
      receive: async (_name: string, { body }: { body: unknown }): Promise<PushAnswer> => {
        received.push(body);
        return { status: 403, body: { error: 'refused' } };
      },
    };
    const context = { req: Readable.from(chunks()), query: {}, set: () => undefined, status: 0 };
    await takePush(context as unknown as Context, 'dingtalk', watches as never);
    return { status: context.status, received };
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
});
