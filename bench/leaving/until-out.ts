import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CORP_ID } from '../../sandbox/index.js';
import { BenchBrowser } from '../harness/browser.js';
import { WrongAnswerError } from '../harness/sign-in.js';
import { start } from '../nocobase/ways.js';
import { AUTHENTICATOR, type Places } from './places.js';

/** The resolution: this, or a tenth of the time that has passed. More requests would delay what they measure. */
const LOOK_MS = 50;
const LOOK_SHARE = 0.1;
/** Longer than this is a failure. */
const PATIENCE_MS = 120_000;
/** Each leaver takes about five calls to DingTalk, at most fifteen of which are made per second. */
const PER_SECOND = 2;

/** A person with a session. */
export interface Employee {
  readonly id: string;
  readonly token: string;
}

/** From DingTalk's event, in ms. */
export interface Out {
  /** Until the first node refuses the session. */
  readonly firstMs: number;
  /** Until both nodes do. */
  readonly bothMs: number;
}

/** Adds employees and signs them in. */
export async function employees({ sandbox, nodes }: Places, prefix: string, count: number): Promise<Employee[]> {
  const browser = new BenchBrowser();
  const found: Employee[] = [];
  try {
    for (let number = 0; number < count; number += 1) {
      const id = `${prefix}-${number}`;
      const mobile = `139${String(sandbox.world.people.size).padStart(8, '0')}`;
      sandbox.world.addPerson({ id, name: id, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });
      browser.forgetCookies();
      const { url } = nodes[0];
      const back = new URL(await sandbox.approve(await start(browser, url, AUTHENTICATOR), id, DEMO_CORP_ID));
      const cookie = [...browser.heldCookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const proof = { 'x-authenticator': AUTHENTICATOR, 'x-dingtalk-answer': back.search.slice(1), cookie };
      const answer = await browser.post(url, '/api/auth:signIn', {}, proof);
      const token = /"token":"([^"]+)"/.exec(answer.body)?.[1];
      if (token === undefined) throw new WrongAnswerError('auth:signIn', answer);
      found.push({ id, token });
    }
    return found;
  } finally {
    await browser.close();
  }
}

/** They leave at a constant rate (open loop). @throws Error if a session is not refused in time */
export async function leave(places: Places, leavers: readonly Employee[]): Promise<readonly Out[]> {
  const underWay: Promise<Out>[] = [];
  for (const leaver of leavers) {
    const out = untilOut(places, leaver);
    // A failure is thrown at the end, when everyone was waited for.
    out.catch(() => undefined);
    underWay.push(out);
    await delay(1000 / PER_SECOND);
  }
  return Promise.all(underWay);
}

async function untilOut({ sandbox, nodes }: Places, { id, token }: Employee): Promise<Out> {
  const browser = new BenchBrowser();
  const isOut = async (url: string): Promise<boolean> => {
    const answer = await browser.get(url, '/api/auth:check', { authorization: `Bearer ${token}` });
    if (answer.status !== 200 && answer.status !== 401) throw new WrongAnswerError('auth:check', answer);
    return answer.status === 401;
  };
  try {
    for (const { url } of nodes) if (await isOut(url)) throw new Error(`${id} was out before they left`);
    const began = performance.now();
    const passed = (): number => performance.now() - began;
    sandbox.world.staff.leave(id);
    const out = new Set<string>();
    let firstMs: number | undefined;
    for (;;) {
      for (const { url } of nodes) if (!out.has(url) && (await isOut(url))) out.add(url);
      if (out.size > 0) firstMs ??= passed();
      if (firstMs !== undefined && out.size === nodes.length) return { firstMs, bothMs: passed() };
      if (passed() > PATIENCE_MS) throw new Error(`${id} left, and is not out`);
      await delay(Math.max(LOOK_MS, passed() * LOOK_SHARE));
    }
  } finally {
    await browser.close();
  }
}
