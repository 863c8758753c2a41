import type { Environment } from '../config/index.js';
import { apiPath } from '../core/nocobase-web/index.js';
import { isLoopback, isPrivate, parseBaseUrl } from '../core/settings/index.js';
import { printable } from '../printing/index.js';
import { UsageError } from './usage.error.js';
import { confirmed, type Io } from './io.js';
import { TEXTS } from './texts.js';
import type { Text } from '../core/texts/index.js';

/** NocoBase's address, and an account with the role root there. Used once, stored nowhere. */
export interface RootCredentials {
  /** NocoBase without `/api` and without a trailing slash. */
  readonly url: string;
  readonly account: string;
  readonly password: string;
}

/** The command line options for reaching NocoBase. */
export interface AddressOptions {
  readonly url?: string;
  readonly insecure?: boolean;
}

/** NocoBase's address in the configuration: used without an option; the path of its API is always taken from there. */
export interface ConfiguredAddress {
  readonly url: string | undefined;
  readonly apiBasePath: string | undefined;
}

export async function rootCredentials(
  io: Io,
  { url: wanted, insecure = false }: AddressOptions,
  configured: ConfiguredAddress,
): Promise<RootCredentials> {
  const given = async (name: string, question: Text, hidden = false): Promise<string> =>
    valueOf(io.environment, name) ?? (await io.ask(question[io.lang], { hidden }));
  const url = checked(wanted ?? configured.url ?? (await io.ask(TEXTS.askAddress[io.lang])), insecure);
  const said = [wanted === undefined ? configured.url : undefined, configured.apiBasePath];
  const where = configured.apiBasePath === undefined ? url : url + apiPath(configured);
  if (said.some((part) => part !== undefined)) await addressMustBeMeant(io, where, said);
  const account = await given('NOCOBASE_ROOT_ACCOUNT', TEXTS.askAccount(url));
  const who = printable(account);
  return {
    url,
    account,
    password: await given('NOCOBASE_ROOT_PASSWORD', TEXTS.askPassword(who, url), true),
  };
}

/** @throws UsageError */
function checked(address: string, insecure: boolean): string {
  const written = address.trim().replace(/\/+$/, '');
  const url = parseBaseUrl(written);
  if (url === undefined) {
    throw new UsageError(TEXTS.badAddress);
  }
  const staysInside = isLoopback(url.hostname) || isPrivate(url.hostname);
  if (url.protocol === 'http:' && !staysInside && !insecure) {
    throw new UsageError(TEXTS.notPrivate(written));
  }
  return written;
}

/**
 * Like other secrets (`mustBeMeant`). This one need not be in the environment, so its origin does not matter.
 *
 * @param said address and path of the API, if configured
 */
async function addressMustBeMeant(
  io: Io,
  url: string,
  [address, path]: readonly (string | undefined)[],
): Promise<void> {
  const { environment, envFile } = io;
  const saysWhere = [
    ...(address === undefined ? [] : ['NOCOBASE_URL']),
    ...(path === undefined ? [] : ['NOCOBASE_API_BASE_PATH']),
    'AUTHENTICATORS_FILE',
  ];
  const fromFile = saysWhere.filter((name) => valueOf(environment, name) !== undefined && envFile?.names.has(name));
  if (envFile === undefined || fromFile.length === 0) return;
  const where = TEXTS.addressSays(printable(envFile.path), url);
  if (await confirmed(io, TEXTS.askSend(where))) return;
  throw new UsageError(path === undefined ? TEXTS.nobodySaidYes(where) : TEXTS.nobodySaidYesToPath(where));
}

/** An empty variable counts as absent, as in the configuration. */
export function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}
