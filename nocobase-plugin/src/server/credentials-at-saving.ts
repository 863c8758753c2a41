import type { Model } from '@nocobase/database';
import type { Action, Context } from '@nocobase/server';
import { DingTalkCalls, errorCode, isCredentialsRefusal } from '../../../src/core/doctor/index.js';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { readDingTalkEnvironment } from './alone/dingtalk-environment.js';
import { Allowance } from './allowance.js';
import { InvalidSettingsError } from './authenticator-rows.js';
import { clientIdOf } from './client-id.js';
import { isRecord, recordsIn } from './is-record.js';
import { PACKAGE } from './names.js';
import type { SecretSlips } from './secret-slip.js';
import type { SecretVault } from './secret-vault.js';
import { settings } from './settings.js';
import { isByGateway } from './sign-in-by.js';
import { LOG } from './texts.js';

/** The longest that saving waits for DingTalk. */
const PATIENCE_MS = 4000;

/** Per process: saves beyond this limit do not query DingTalk. */
const QUESTIONS = new Allowance({ atOnce: 3, aMinute: 30 });

interface Parts {
  readonly vault: SecretVault;
  readonly slips: SecretSlips;
}

/** The settings to save. */
interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Middleware for saving an authenticator, after NocoBase's access control: refuses a Client ID and Client Secret that DingTalk says
 * do not match. If DingTalk says anything else, or nothing, the settings are saved, and the button "Test" reports the problem.
 * DingTalk is queried before the transaction begins, in which a row would otherwise be locked meanwhile.
 */
export function credentialsAtSaving(parts: Parts): Action {
  return async (context, next) => {
    for (const written of await writtenBy(context)) {
      const credentials = await newCredentials(written, context, parts);
      const refusal = credentials === undefined ? undefined : await refusalOf(credentials, context);
      if (refusal !== undefined) {
        throw new InvalidSettingsError(context.t('settings.credentials', { ns: PACKAGE, name: refusal }));
      }
    }
    await next();
  };
}

/** A record as it is to be written, and as it is stored, if it is. */
interface Written {
  readonly values: Record<string, unknown>;
  readonly stored: Model | null;
}

/** What the request writes, by any of NocoBase's actions: its form uses two of them, a script may use each. */
async function writtenBy(context: Context): Promise<readonly Written[]> {
  const { resourceName, actionName, params } = context.action;
  if (resourceName !== 'authenticators') return [];
  const written = recordsIn(params['values']);
  if (actionName === 'create') return written.map((values) => ({ values, stored: null }));
  const [values] = written;
  if (values === undefined) return [];
  if (actionName === 'update') return [{ values, stored: await find(context, wantedIn(params)) }];
  if (actionName !== 'updateOrCreate' && actionName !== 'firstOrCreate') return [];
  const stored = await find(context, sameIn(values, params['filterKeys']));
  if (stored !== null && actionName === 'firstOrCreate') return [];
  // NocoBase, too, checks the permission only now that it knows which action it is: `applyActualActionPermission` in core/actions.
  const may = context.can({ resource: resourceName, action: stored === null ? 'create' : 'update' });
  return may ? [{ values, stored }] : [];
}

/** @returns undefined if neither is new, or one is missing: an authenticator may be saved before it is complete */
async function newCredentials(
  { values, stored }: Written,
  { db }: Context,
  { vault, slips }: Parts,
): Promise<Credentials | undefined> {
  const options = optionsIn(values);
  if (options === undefined) return undefined;
  const authType = values['authType'] ?? stored?.get('authType');
  // Settings that break a rule are refused by that rule, with its message.
  const written = settings.safeParse(options).data;
  if (authType !== AUTH_TYPE || written === undefined || isByGateway(written)) return undefined;
  const entered = secretIn(options['clientSecret'], slips);
  const before = stored === null ? undefined : settings.safeParse(stored.get('options') ?? {}).data;
  if (entered === '' && before?.clientId === written.clientId) return undefined;
  const clientId = await clientIdOf(written.clientId, db);
  const clientSecret = entered || (before === undefined ? '' : await vault.read({ ...before, id: stored?.get('id') }));
  if ('problem' in clientId || clientId.value === '' || clientSecret === '') return undefined;
  return { clientId: clientId.value, clientSecret };
}

/** NocoBase also reads them from keys such as `options.clientSecret`. Either way they replace all stored ones. */
function optionsIn(values: Record<string, unknown>): Record<string, unknown> | undefined {
  const prefix = 'options.';
  const single = Object.keys(values).filter((key) => key.startsWith(prefix));
  const whole = values['options'] ?? (single.length > 0 ? {} : undefined);
  if (!isRecord(whole)) return undefined;
  return { ...whole, ...Object.fromEntries(single.map((key) => [key.slice(prefix.length), values[key]])) };
}

function wantedIn({ filterByTk: id, filter }: Context['action']['params']): unknown {
  return typeof id === 'string' || typeof id === 'number' ? { id } : filter;
}

/** A filter for records with the same values in these fields. */
function sameIn(values: Record<string, unknown>, filterKeys: unknown): unknown {
  const keys = Array.isArray(filterKeys) ? filterKeys.map(String) : [];
  return keys.length === 0 ? undefined : Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
}

/** If a filter matches several, any of them: all receive the same settings. */
async function find({ db }: Context, wanted: unknown): Promise<Model | null> {
  return isRecord(wanted) ? db.getRepository('authenticators').findOne({ filter: wanted }) : null;
}

/** @returns empty if none was entered */
function secretIn(given: unknown, slips: SecretSlips): string {
  return typeof given === 'string' && given !== '' ? (slips.redeem(given)?.trim() ?? '') : '';
}

/** DingTalk's error code if it says that they do not match. */
async function refusalOf(credentials: Credentials, { log }: Context): Promise<string | undefined> {
  const environment = readDingTalkEnvironment(process.env);
  if ('problems' in environment) return undefined;
  const { values } = environment;
  const dingtalk = new DingTalkCalls({ ...values, ...credentials, timeoutMs: Math.min(values.timeoutMs, PATIENCE_MS) });
  try {
    const answer = await QUESTIONS.within(async () => dingtalk.appToken());
    const said = answer === undefined ? 'BUSY' : 'refusal' in answer.done ? answer.done.refusal.code : undefined;
    if (said === undefined || isCredentialsRefusal(said)) return said;
    log.warn(LOG.credentialsNotChecked.en, { why: said });
  } catch (error) {
    log.warn(LOG.credentialsNotChecked.en, { why: errorCode(error) });
  }
  return undefined;
}
