import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  attention,
  type Exchange,
  exchange,
  ExchangeError,
  failed,
  type Finding,
  FORWARDED,
  ok,
  type Probe,
} from '../../core/doctor/index.js';
import { isInsideAddress } from '../../core/limits/index.js';
import { readSight, SIGHT_ANSWER, SIGHT_QUESTION, sightQuestion } from '../../web/index.js';
import type { Settings } from '../../settings.js';
import { cannotConnect } from './cannot-connect.js';
import { PUBLIC_URL } from '../texts/public-addresses.js';

const alive = z.object({ status: z.literal('ok') });
/** The gateway's response to an unknown path. */
const notFound = z.object({ error: z.literal('not_found'), requestId: z.string() });

type Asked = Exchange | ExchangeError;

/** @returns a function that stops it; undefined if the port is taken or the gateway cannot run */
export type ServeForAMoment = (settings: Settings) => Promise<(() => Promise<void>) | undefined>;

export interface ExaminedGateway extends Settings {
  /** Absent if the gateway being checked is this very process. */
  readonly serveForAMoment?: ServeForAMoment;
}

/**
 * Whether the address for browsers leads here, with its path unchanged. If the gateway is not running, it is started
 * for the duration of this probe.
 */
export const publicUrlProbe: Probe<ExaminedGateway> = {
  id: 'public-url',
  title: PUBLIC_URL.title,
  limitMs: 40_000,
  run: async (settings) => {
    const { publicUrl } = settings.app;
    const question = { [SIGHT_QUESTION]: sightQuestion(settings.auth.cookieSecrets) };
    const first = await ask(`${publicUrl}/health/live`, question);
    if (!looksAbsent(first)) return judge(settings, first);
    const stop = await settings.serveForAMoment?.(settings);
    if (stop === undefined) return judge(settings, first);
    try {
      return await judge(settings, await ask(`${publicUrl}/health/live`, question));
    } finally {
      await stop();
    }
  },
};

async function ask(url: string, headers: Record<string, string> = {}): Promise<Asked> {
  try {
    return await exchange(url, { headers });
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}

/** Nothing listens there, or a proxy has no server behind it. */
function looksAbsent(asked: Asked): boolean {
  return asked instanceof ExchangeError
    ? ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(asked.code)
    : [502, 503, 504].includes(asked.status);
}

async function judge({ app: { publicUrl, trustedProxies } }: Settings, asked: Asked): Promise<Finding> {
  if (asked instanceof ExchangeError) return cannotConnect('PUBLIC_URL', publicUrl, asked.code);
  if (asked.status === 200 && alive.safeParse(asked.json).success && (await isOurs(publicUrl))) {
    return whoIsCounted(trustedProxies, asked.headers[SIGHT_ANSWER]) ?? ok(PUBLIC_URL.leadsHere(publicUrl));
  }
  if (asked.status === 404 && notFound.safeParse(asked.json).success) {
    return failed(PUBLIC_URL.pathChanged(`${new URL(publicUrl).pathname}/health/live`), PUBLIC_URL.forwardUnchanged);
  }
  if (asked.status >= 300 && asked.status < 400) {
    return failed(PUBLIC_URL.redirects(publicUrl, asked.status), PUBLIC_URL.setToWhereItEnds);
  }
  if ([502, 503, 504].includes(asked.status)) {
    return failed(PUBLIC_URL.nobodyBehind(asked.status), PUBLIC_URL.pointProxyHere);
  }
  return failed(PUBLIC_URL.anotherProgram(publicUrl, asked.status), PUBLIC_URL.sendHere(publicUrl));
}

/** Whether people behind a proxy can be distinguished; undefined if they can, as far as one request shows. */
function whoIsCounted(trusted: readonly string[], answer: unknown): Finding | undefined {
  const sight = readSight(answer);
  if (sight === undefined || sight.isTrusted === sight.isForwarded) return undefined;
  const { peer } = sight;
  if (sight.isTrusted) {
    return attention(FORWARDED.noForwardedFor(peer), FORWARDED.sendForwardedFor);
  }
  const line = `TRUST_PROXY=${[...trusted, peer].join(',')}`;
  return attention(
    PUBLIC_URL.untrustedProxy(peer),
    isInsideAddress(peer) ? PUBLIC_URL.trust(line) : PUBLIC_URL.trustIfYours(line),
  );
}

/** Other servers may also report that they are alive. */
async function isOurs(publicUrl: string): Promise<boolean> {
  const asked = await ask(`${publicUrl}/doctor-${randomBytes(8).toString('hex')}`);
  return !(asked instanceof ExchangeError) && notFound.safeParse(asked.json).success;
}
