import { randomUUID } from 'node:crypto';
import type { Context, Next } from '@nocobase/server';
import { isRecord, recordsIn } from './is-record.js';

/** Maximum number of secrets in one request: an administrator saves one authenticator, a script a few. */
const MAX_KEPT = 5;
/** Longer text is not kept. DingTalk's Client Secrets have 64 characters; other types of authenticators have their own. */
const MAX_LENGTH = 4096;

/** Replaces a secret that is not kept. It is no valid secret: a record with it is refused. */
const WITHHELD = 'slip:withheld';

/** Where a secret is: a property of a part of the request's body. */
type Place = readonly [holder: Record<string, unknown>, key: string];

/**
 * NocoBase writes an action's parameters into its request log and its audit log. Therefore the Client Secret is taken out of the
 * request before anything else reads it, and replaced by a slip that is valid for this request.
 *
 * This happens before NocoBase authenticates the sender, so it must cost nothing and leave nothing behind: secrets are looked for
 * only where legitimate requests have them, and only a few are kept, until the request ends.
 */
export class SecretSlips {
  private readonly secrets = new Map<string, string>();

  /** Number of secrets currently kept. */
  get size(): number {
    return this.secrets.size;
  }

  readonly middleware = async (context: Context, next: Next): Promise<void> => {
    const slips = new Map<string, string>();
    try {
      const { resourceName, params } = context.action;
      for (const body of [params['values'], context.request.body]) {
        for (const [holder, key] of placesOfSecrets(resourceName, body)) {
          // A sender without a credential cannot save anything: their secret only has to be kept out of the logs.
          holder[key] = this.slipFor(holder[key], slips, hasCredential(context));
        }
      }
      await next();
    } finally {
      for (const slip of slips.values()) this.secrets.delete(slip);
    }
  };

  /** @returns the secret for a slip, or the text itself if it is not a slip; undefined if the secret was not kept */
  redeem(text: string): string | undefined {
    return text === WITHHELD ? undefined : (this.secrets.get(text) ?? text);
  }

  /** @param slips the slips of this request, by secret: `values` may be the body itself, or a copy of it */
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
  // NocoBase reads this as the same.
  if (isGiven(authenticator['options.clientSecret'])) yield [authenticator, 'options.clientSecret'];
  if (typeof options === 'string' && options.includes('clientSecret')) yield [authenticator, 'options'];
}

/** An empty form field keeps the stored secret. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Where NocoBase looks for a credential, apart from files. */
function hasCredential(context: Context): boolean {
  return context.get('Authorization') !== '' || context.query['token'] !== undefined;
}
