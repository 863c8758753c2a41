import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AloneCase } from './support/alone-case.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { answerTo, enter, signInByPassword } from './support/person-at-nocobase.js';

/** Loaded before NocoBase: Node.js calls itself a version that the plugin refuses. */
const OLD_NODE = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } });";

describe('The locks of a NocoBase whose plugin refuses to load', () => {
  let folder: string;
  let alone: AloneCase;
  let next: TestNocoBase | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'not-loaded-'));
    alone = await AloneCase.start({ env: { NB_DIR: folder }, port: await freePort() });
  }, 180_000);

  afterAll(async () => {
    await next?.stop();
    await alone?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stay in force, and cannot be changed or read by everyone', async () => {
    const leaver = await enter(alone, 'li-lei');
    const colleague = await enter(alone, 'han-meimei');
    await alone.nocobase.call('POST', 'dingtalkLeavers:lock', { userId: leaver.userId });
    await alone.nocobase.stop();
    const preload = join(folder, 'old-node.cjs');
    writeFileSync(preload, OLD_NODE);
    next = await TestNocoBase.launch({
      port: Number(new URL(alone.nocobase.url).port),
      env: { NB_DIR: folder, NODE_OPTIONS: `--require ${preload}` },
    });
    const post = async (action: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(`${next!.api}/${action}`, { method: 'POST', headers, body: '{}' })).status;
    };
    // It is not loaded: none of its actions exists.
    expect(await post('dingtalkLeavers:unlock', next.apiKey)).toBe(404);
    expect(await answerTo(next, leaver.apiKey)).toBe('401 BLOCKED_TOKEN');
    const { token } = await signInByPassword(next, leaver.account);
    expect(await answerTo(next, token!)).toBe('401 BLOCKED_TOKEN');
    expect(await answerTo(next, colleague.apiKey)).toBe('200');
    expect(await post('dingtalkLocks:destroy?filter={"undoneAt":null}', next.apiKey)).toBe(403);
    expect(await post('dingtalkLocks:list', colleague.apiKey)).toBe(403);
  });
});
