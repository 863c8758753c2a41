import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';

/** Nine requests used to fill it, when the plugin kept what they brought. */
const SMALL_HEAP = '--max-old-space-size=512';

/** A separate NocoBase that logs into a file: data waiting in a pipe would use memory as well. */
describe('Requests that anyone can send to a real NocoBase of 512 MiB with the plugin', () => {
  let nocobase: TestNocoBase;

  beforeAll(async () => {
    nocobase = await launchWithPlugin({ env: { NODE_OPTIONS: SMALL_HEAP } });
  }, 120_000);

  afterAll(async () => nocobase?.stop());

  const post = async (action: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${nocobase.url}/api/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it.each([
    ['without a credential', {}],
    ['with one that is none', { authorization: 'Bearer not-a-token' }],
  ])(
    'leave nothing in its memory, however they are made, %s',
    async (_who, headers: Record<string, string>) => {
      const secrets = Array.from({ length: 100_000 }, () => '{"clientSecret":"a"}').join(',');
      const options = Array.from({ length: 40_000 }, () => '{"options":{"clientSecret":"a"}}').join(',');
      const deep = `${'['.repeat(4300)}${']'.repeat(4300)}`;
      for (let n = 0; n < 12; n += 1) {
        for (const body of [`{"s":[${secrets}],"deep":${deep}}`, `[${options}]`]) {
          const response = await post('authenticators:create', body, headers);
          await response.text();
          expect(response.status).toBeGreaterThanOrEqual(400);
        }
      }
      expect((await fetch(`${nocobase.url}/api/authenticators:publicList`)).status).toBe(200);
    },
    120_000,
  );
});
