import { type Environment, parseBaseUrl } from '../config/index.js';
import { isLoopback, isPrivate } from '../core/plugin-protocol/index.js';
import { printable } from '../printing/index.js';
import { UsageError } from './usage.error.js';
import { confirmed, type Io } from './io.js';
import { TEXTS } from './texts.js';
import type { Text } from '../core/texts/index.js';

/** Where NocoBase is, and somebody with the role root there. Used once, kept nowhere. */
export interface RootCredentials {
  /** NocoBase without `/api` and without a trailing slash. */
  readonly url: string;
  readonly account: string;
  readonly password: string;
}

/** What a command line says of the way to NocoBase. */
export interface AddressOptions {
  readonly url?: string;
  readonly insecure?: boolean;
}

/** @param configured NocoBase's address as the configuration says, where no option does */
export async function rootCredentials(
  io: Io,
  { url: wanted, insecure = false }: AddressOptions,
  configured = valueOf(io.environment, 'NOCOBASE_URL'),
): Promise<RootCredentials> {
  const given = async (name: string, question: Text, hidden = false): Promise<string> =>
    valueOf(io.environment, name) ?? (await io.ask(question[io.lang], { hidden }));
  const url = checked(wanted ?? configured ?? (await io.ask(TEXTS.askAddress[io.lang])), insecure);
  if (wanted === undefined && configured !== undefined) await mustBeMeant(io, url);
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

/** Which variables say where NocoBase is. */
const SAYS_WHERE = ['NOCOBASE_URL', 'AUTHENTICATORS_FILE'] as const;

/** As for other secrets (`mustBeMeant`); this one need not be in the environment, so where it is from does not count. */
async function mustBeMeant(io: Io, url: string): Promise<void> {
  const { environment, envFile } = io;
  const fromFile = SAYS_WHERE.filter((name) => valueOf(environment, name) !== undefined && envFile?.names.has(name));
  if (envFile === undefined || fromFile.length === 0) return;
  const where = TEXTS.addressSays(printable(envFile.path), url);
  if (!(await confirmed(io, TEXTS.askSend(where)))) throw new UsageError(TEXTS.nobodySaidYes(where));
}

/** An empty variable counts as absent, as in the configuration. */
export function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}
