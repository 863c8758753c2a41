import type { AuthenticatorSettings } from '../authenticators/index.js';
import { Paces } from '../core/dingtalk/index.js';
import type { Hint, LeaverBook } from '../core/leavers/index.js';
import { EventListeners, type EventStreams } from '../core/organization-events/index.js';
import { PushCipher } from '../core/organization-events/push/cipher.js';
import { signatureOf } from '../core/organization-events/push/signature.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';
import type { RedisConnection } from '../shared-store/index.js';
import { RunningWatch } from './running-watch.js';
import type { WatchLog } from './watch-log.js';

const TOKEN = 'token';
const AES_KEY = 'k'.repeat(43);

/** A call from DingTalk. */
function leaving(userid: string): { query: object; body: object } {
  const content = { EventType: 'user_leave_org', UserId: [userid], CorpId: 'corp', TimeStamp: String(Date.now()) };
  const encrypt = new PushCipher(AES_KEY).seal({ text: JSON.stringify(content), owner: 'client' });
  const signed = { timestamp: String(Date.now()), nonce: 'nonce', encrypt };
  const { timestamp, nonce } = signed;
  return { query: { timestamp, nonce, signature: signatureOf(TOKEN, signed) }, body: { encrypt } };
}

describe('The watches of one gateway', () => {
  const listeners = new EventListeners();
  const running: RunningWatch[] = [];

  /** @returns the userids noted in its book */
  function watch(name: string, clientId = 'client'): { readonly watch: RunningWatch; readonly noted: string[] } {
    const noted: string[] = [];
    const book = {
      note: async (hints: readonly Hint[]) => {
        noted.push(...hints.map(({ userid }) => userid ?? ''));
        return [];
      },
      waiting: async () => [],
      mark: async () => undefined,
    } as unknown as LeaverBook;
    const dingtalk = {
      apiUrl: 'https://api.dingtalk.com',
      clientId,
      clientSecret: 'no-secret',
      corpIds: [],
      events: 'push',
      eventToken: TOKEN,
      eventAesKey: AES_KEY,
    };
    const log = { nightAt: () => undefined, failed: () => undefined } as unknown as WatchLog;
    const one = new RunningWatch({ name, dingtalk } as unknown as AuthenticatorSettings, book, 'lock', true, {
      publicUrl: 'https://gateway.example',
      redis: {} as RedisConnection,
      http: {} as UpstreamHttpClient,
      pace: new Paces().of(clientId),
      streams: {} as EventStreams,
      listeners,
      log,
    });
    running.push(one);
    return { watch: one, noted };
  }

  afterAll(async () => Promise.all(running.map(async (one) => one.stop())));

  it('all receive an HTTP push to one authenticator of their application, while they run', async () => {
    const [one, other, stranger] = [watch('one'), watch('other'), watch('stranger', 'another')];
    expect(await one.watch.receive(leaving('id-2'))).toMatchObject({ status: 200 });
    expect([one.noted, other.noted, stranger.noted]).toEqual([['id-2'], ['id-2'], []]);
    await other.watch.stop();
    expect(await one.watch.receive(leaving('id-3'))).toMatchObject({ status: 200 });
    expect([one.noted, other.noted]).toEqual([['id-2', 'id-3'], ['id-2']]);
  });
});
