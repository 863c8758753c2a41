import { type Environment, parseBaseUrl } from '../config/index.js';
import { isLoopback, isPrivate } from '../plugin-protocol/index.js';
import { printable } from '../printing/index.js';
import { UsageError } from './usage.error.js';
import { confirmed, type Io } from './io.js';

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

export const CREDENTIALS_HELP = `
Asked for once, unless the environment says: NOCOBASE_URL, NOCOBASE_ROOT_ACCOUNT, NOCOBASE_ROOT_PASSWORD (an account with
the role root). The credentials are used for this run and kept nowhere. An address that only a .env file says is asked
about first; where nobody can answer, give --url or set NOCOBASE_URL. Passwords go over http:// to private addresses only,
unless --insecure is given.`;

/** @param configured NocoBase's address as the configuration says, where no option does */
export async function rootCredentials(
  io: Io,
  { url: wanted, insecure = false }: AddressOptions,
  configured = valueOf(io.environment, 'NOCOBASE_URL'),
): Promise<RootCredentials> {
  const given = async (name: string, question: string, hidden = false): Promise<string> =>
    valueOf(io.environment, name) ?? (await io.ask(question, { hidden }));
  const url = checked(wanted ?? configured ?? (await io.ask('Address of NocoBase: ')), insecure);
  if (wanted === undefined && configured !== undefined) await mustBeMeant(io, url);
  const account = await given('NOCOBASE_ROOT_ACCOUNT', `Account with the role root at ${url}: `);
  const who = printable(account);
  return {
    url,
    account,
    password: await given('NOCOBASE_ROOT_PASSWORD', `Password of ${who}, to be sent to ${url} (not shown): `, true),
  };
}

/** @throws UsageError */
function checked(address: string, insecure: boolean): string {
  const written = address.trim().replace(/\/+$/, '');
  const url = parseBaseUrl(written);
  if (url === undefined) {
    throw new UsageError(
      'The address of NocoBase must start with http:// or https://, without user, query or fragment.',
    );
  }
  const staysInside = isLoopback(url.hostname) || isPrivate(url.hostname);
  if (url.protocol === 'http:' && !staysInside && !insecure) {
    throw new UsageError(
      `${written} is not https, and no private address: everybody on the way could read the password of root. Use https://, or say --insecure.`,
    );
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
  const where = `${printable(envFile.path)} says that NocoBase is at ${url}`;
  if (await confirmed(io, `${where}. Send the password of root there?`)) return;
  throw new UsageError(`${where}, and nobody said yes: give --url, or set NOCOBASE_URL in the environment.`);
}

/** An empty variable counts as absent, as in the configuration. */
export function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}
