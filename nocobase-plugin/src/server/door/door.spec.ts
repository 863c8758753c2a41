import type { Context } from '@nocobase/server';
import { FailureLines, RateLimiter } from '../../../../src/core/limits/index.js';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import type { Flows } from '../alone/flows.js';
import type { KnownAuthenticators } from '../alone/known-authenticators.js';
import type { Watches } from '../leavers/watches.js';
import { settings } from '../settings.js';
import { door } from './door.js';

jest.mock('@nocobase/server', () => ({ Gateway: {} }), { virtual: true });
jest.mock('@nocobase/database', () => ({ Op: {} }), { virtual: true });
// They contain the scripts that a build makes.
jest.mock('../pages/callback.js', () => ({}));
jest.mock('../pages/redeem.js', () => ({}));
jest.mock('../pages/sign-in-page.js', () => ({}));

const SAVED = 'https://app.example.com';
const PER_MINUTE = 3;

describe('A sign-in that starts', () => {
  function atDoor() {
    const limiter = new RateLimiter(
      { perAddress: PER_MINUTE, secret: 'secret' },
      (keyPrefix, points) => new RateLimiterMemory({ keyPrefix, points, duration: 60 }),
    );
    const filledIn = settings.parse({
      signInBy: 'gateway',
      clientId: 'client',
      hasClientSecret: true,
      gatewayUrl: 'https://app.example.com/sso',
      nocobaseUrl: SAVED,
    });
    const known = { find: async () => ({ name: 'dingtalk', settings: filledIn }) } as unknown as KnownAuthenticators;
    const flows = { limiterOf: () => limiter } as unknown as Flows;
    const failures = new FailureLines(() => undefined);
    const enter = door({ known, flows, failures, watches: {} as Watches });
    /** The address that a browser is redirected to. */
    return async (query: Record<string, string>, headers: Record<string, string>): Promise<URL> => {
      const said: Record<string, string> = {};
      const context = {
        method: 'GET',
        path: '/api/dingtalk:start',
        query: { authenticator: 'dingtalk', ...query },
        req: { headers, socket: { remoteAddress: '192.0.2.1' } },
        app: { name: 'main' },
        append: () => undefined,
        get: (name: string) => headers[name.toLowerCase()] ?? '',
        set: (given: Record<string, string>) => Object.assign(said, given),
      };
      await enter(context as unknown as Context, async () => undefined);
      return new URL(said['Location']!, SAVED);
    };
  }

  it('at another address than the saved one counts once, at the saved one', async () => {
    const start = atDoor();
    const headers = { referer: 'https://intranet.example.com/signin' };
    for (let count = 0; count < PER_MINUTE; count++) {
      const there = await start({ redirect: '/admin/x' }, headers);
      expect(there.href).toBe(`${SAVED}/api/dingtalk:start?authenticator=dingtalk&redirect=%2Fadmin%2Fx&sent-on=1`);
      expect((await start(Object.fromEntries(there.searchParams), headers)).pathname).toBe(
        '/sso/auth/dingtalk/dingtalk',
      );
    }
    const { pathname, searchParams } = await start({ 'sent-on': '1' }, headers);
    expect([pathname, searchParams.get('dingtalk_error')]).toEqual(['/signin', 'rate_limited']);
  });
});
