import type { Context } from '@nocobase/server';
import { SecretSlips } from './secret-slip.js';

const SECRET = 'a-client-secret';
const withSecret = (clientSecret: unknown = SECRET): object => ({ authType: 'DingTalk', options: { clientSecret } });

/** NocoBase logs a request's content as it is when others see it. */
function request(body: unknown, { resource = 'authenticators', token = 'Bearer x', values = body } = {}): Context {
  return {
    action: { resourceName: resource, actionName: 'create', params: { values } },
    request: { body },
    query: {},
    get: (header: string) => (header === 'Authorization' ? token : ''),
  } as unknown as Context;
}

/** @returns what others see meanwhile, how many secrets are kept, and what the slips resolve to */
async function seen(context: Context, slips = new SecretSlips()) {
  let text = '';
  let kept = 0;
  let worth: (string | undefined)[] = [];
  await slips.middleware(context, async () => {
    text = JSON.stringify([context.action.params, context.request.body]);
    kept = slips.size;
    worth = [...text.matchAll(/slip:[\w-]+/g)].map(([slip]) => slips.redeem(slip));
  });
  return { text, kept, worth: [...new Set(worth)], left: slips.size };
}

describe('The Client Secret in a request', () => {
  it.each<[string, unknown, string]>([
    ['of an authenticator', withSecret(), 'authenticators'],
    ['of several', [withSecret(), withSecret()], 'authenticators'],
    ['in values that are wrapped once more', { values: withSecret() }, 'authenticators'],
    ['below another resource', withSecret(), 'users.authenticators'],
    ["in another record's association", { nickname: 'x', authenticators: [withSecret()] }, 'users'],
    ['under a dotted name', { 'options.clientSecret': SECRET }, 'authenticators'],
    ['that begins like a slip', withSecret('slip:a-client-secret'), 'authenticators'],
  ])(
    '%s is a slip for others and the secret for the code that saves, until the request ends',
    async (_what, body, resource) => {
      const result = await seen(request(body, { resource }));
      expect(result.text).not.toContain(SECRET);
      expect(result).toMatchObject({ kept: 1, left: 0, worth: [expect.stringMatching(/^(?:slip:)?a-client-secret$/)] });
    },
  );

  it('is one slip, whether NocoBase copied the values or not', async () => {
    const body = withSecret();
    const copied = await seen(request(body, { values: structuredClone(body) }));
    expect(copied).toMatchObject({ kept: 1, worth: [SECRET] });
    expect(copied.text).not.toContain(SECRET);
  });

  it.each<[string, unknown]>([
    ['an object', { a: SECRET }],
    ['a list', [SECRET]],
    ['a number', 12_345_678_901],
    ['a flag', true],
    ['too long', `${SECRET}${'x'.repeat(4096)}`],
    ['what stands where one was', 'slip:withheld'],
  ])('is neither visible nor kept if it is %s', async (_what, given) => {
    const { text, worth, kept } = await seen(request(withSecret(given)));
    expect(text).not.toMatch(/a-client-secret|12345678901|true/);
    expect([kept, worth]).toEqual([0, [undefined]]);
  });

  it('is taken out with the options if these are text', async () => {
    const { text, worth } = await seen(request({ options: JSON.stringify({ clientSecret: SECRET }) }));
    expect(text).not.toContain(SECRET);
    expect(worth).toEqual([JSON.stringify({ clientSecret: SECRET })]);
  });

  it('is not kept without a credential', async () => {
    const { text, kept, worth } = await seen(request(withSecret(), { token: '' }));
    expect(text).not.toContain(SECRET);
    expect([kept, worth]).toEqual([0, [undefined]]);
  });

  it('is one of a handful at most, and the others are not visible either', async () => {
    const body = Array.from({ length: 50_000 }, (_, index) => withSecret(`${SECRET}-${index}`));
    const result = await seen(request(body));
    expect(result).toMatchObject({ kept: 5, left: 0 });
    expect(result.text).not.toContain(SECRET);
  });

  it('leaves an empty field unchanged', async () => {
    const { text } = await seen(request([withSecret(''), withSecret(null), { options: {} }]));
    expect(text).not.toContain('slip:');
  });

  it('is forgotten if the request fails, and a deeply nested body costs nothing', async () => {
    const slips = new SecretSlips();
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    const body = { ...withSecret(), s: Array.from({ length: 1000 }, () => ({ clientSecret: 'a' })), deep };
    const failing = slips.middleware(request(body), async () => {
      throw new RangeError('as NocoBase may');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(slips.size).toBe(0);
  });
});
