import { randomUUID } from 'node:crypto';
import type { Context, Next } from '@nocobase/server';
import { isRecord } from './is-record.js';

/** How many secrets one request may bring: an administrator saves one authenticator, a script a few. */
const MAX_KEPT = 5;
/** No longer text is kept. A Client Secret of DingTalk's has 64 characters, and other types of authenticators have their own. */
const MAX_LENGTH = 4096;

/** Stands where a secret was that is not kept. It is nobody's secret: a row with it is refused. */
const WITHHELD = 'slip:withheld';

/** Where a secret stands: a property of a part of the request's body. */
type Place = readonly [holder: Record<string, unknown>, key: string];

/**
 * NocoBase writes what an action was given into its request log and its audit log. So the Client Secret is taken out of
 * the request before anything looks at it, and a slip goes in its place that is good for this request.
 *
 * It happens before NocoBase asks who sends the request, so it must cost nothing and leave nothing behind: secrets are
 * looked for where they stand in honest requests and nowhere else, and few are kept, until the request is over.
 */
export class SecretSlips {
  private readonly secrets = new Map<string, string>();

  /** How many secrets are kept at this moment. */
  get size(): number {
    return this.secrets.size;
  }

  readonly middleware = async (context: Context, next: Next): Promise<void> => {
    const slips = new Map<string, string>();
    try {
      const { resourceName, params } = context.action;
      for (const body of [params['values'], context.request.body]) {
        for (const [holder, key] of placesOfSecrets(resourceName, body)) {
          // Whoever shows no credential saves nothing: their secret is only to be kept out of the logs.
          holder[key] = this.slipFor(holder[key], slips, hasCredential(context));
        }
      }
      await next();
    } finally {
      for (const slip of slips.values()) this.secrets.delete(slip);
    }
  };

  /** @returns the secret behind a slip, or the text itself where it is none; undefined where the secret was not kept */
  redeem(text: string): string | undefined {
    return text === WITHHELD ? undefined : (this.secrets.get(text) ?? text);
  }

  /** @param slips those of this request, by their secrets: `values` may be the body itself, or a copy of it */
  private slipFor(given: unknown, slips: Map<string, string>, maySave: boolean): string {
    if (!maySave || typeof given !== 'string' || given.length > MAX_LENGTH || given === WITHHELD) return WITHHELD;
    const known = slips.get(given);
    if (known !== undefined) return known;
    if (this.secrets.has(given) && [...slips.values()].includes(given)) return given;
    if (slips.size >= MAX_KEPT) return WITHHELD;
    const slip = `slip:${randomUUID()}`;
    slips.set(given, slip);
    this.secrets.set(slip, given);
    return slip;
  }
}

/** The secrets of authenticators that are saved directly, in a list, or as values of another record's association. */
function* placesOfSecrets(resource: string, body: unknown): Generator<Place> {
  const isTheirs = /(?:^|\.)authenticators$/.test(resource);
  for (const record of recordsIn(body)) {
    if (isTheirs) yield* placesIn(record);
    for (const key of isTheirs ? ['values', 'authenticators'] : ['authenticators']) {
      for (const inner of recordsIn(record[key])) yield* placesIn(inner);
    }
  }
}

function* placesIn(authenticator: Record<string, unknown>): Generator<Place> {
  const { options } = authenticator;
  if (isRecord(options) && isGiven(options['clientSecret'])) yield [options, 'clientSecret'];
  // Sequelize takes this for the same.
  if (isGiven(authenticator['options.clientSecret'])) yield [authenticator, 'options.clientSecret'];
  if (typeof options === 'string' && options.includes('clientSecret')) yield [authenticator, 'options'];
}

function recordsIn(value: unknown): readonly Record<string, unknown>[] {
  if (isRecord(value)) return [value];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** An empty field of the form leaves the secret that is there. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Where NocoBase looks for one, files aside. */
function hasCredential(context: Context): boolean {
  return context.get('Authorization') !== '' || context.query['token'] !== undefined;
}
