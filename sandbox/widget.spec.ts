import { CALLBACK, startSpecClient, type SpecClient } from './spec-support.js';

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const press = (fields: Record<string, string>): Promise<Response> =>
  fetch(client.authorizationUrl({ iframe: 'true' }), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
const messages = (page: string): { told: number; target: string; message: Record<string, unknown> } => {
  const [, told, message, target] = /told < (\d+);.*?parent\.postMessage\((\{.*?\}), "([^"]+)"\)/.exec(page) ?? [];
  return {
    told: Number(told),
    target: String(target),
    message: JSON.parse(String(message)) as Record<string, unknown>,
  };
};

describe('the embedded sign-in', () => {
  it('has a script that defines DTFrameLogin', async () => {
    const response = await fetch(`${client.sandbox.url}/ddlogin.js`);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(await response.text()).toContain('window.DTFrameLogin = function');
  });

  it('shows the only page that may be embedded in a frame', async () => {
    const policy = async (changes: Record<string, string>): Promise<string | null> =>
      (await fetch(client.authorizationUrl(changes))).headers.get('content-security-policy');
    expect(await policy({ iframe: 'true' })).not.toContain('frame-ancestors');
    expect(await policy({})).toContain("frame-ancestors 'none'");
  });

  it('notifies the page of the callback, with the address that a redirect would have', async () => {
    const response = await press({ person: 'li-lei' });
    expect(response.headers.get('location')).toBeNull();
    const { told, target, message } = messages(await response.text());
    expect(told).toBe(1);
    expect(target).toBe(new URL(CALLBACK).origin);
    const { searchParams } = new URL(String(message['redirectUrl']));
    expect(searchParams.get('state')).toBe('st ate+&=');
    expect((await client.exchange(searchParams.get('authCode') ?? '')).status).toBe(200);
  });

  it('notifies as often as it is configured to', async () => {
    expect((await client.post('/__sandbox__/widget', { messages: 2 })).body).toEqual({ messages: 2 });
    expect(messages(await (await press({ person: 'li-lei' })).text()).told).toBe(2);
    client.reset();
    expect(messages(await (await press({ person: 'li-lei' })).text()).told).toBe(1);
  });

  it('reports a denial and an outsider', async () => {
    const denied = messages(await (await press({ deny: '1' })).text()).message;
    expect(denied).toMatchObject({ success: true });
    expect(String(denied['redirectUrl'])).toContain('error=access_denied');
    const outsider = messages(await (await press({ person: 'zhou-tao' })).text()).message;
    expect(outsider).toEqual({ success: false, errorMsg: '操作失败，你不在组织内', errorCode: 11055 });
  });
});
