import { type Environment } from '../config/index.js';
import { UsageError } from './usage.error.js';
import type { Io } from './io.js';

/** Where NocoBase is, and somebody with the role root there. Used once, kept nowhere. */
export interface RootCredentials {
  /** NocoBase without `/api` and without a trailing slash. */
  readonly url: string;
  readonly account: string;
  readonly password: string;
}

export const CREDENTIALS_HELP = `
Asked for once, unless the environment says: NOCOBASE_URL, NOCOBASE_ROOT_ACCOUNT, NOCOBASE_ROOT_PASSWORD (an account with
the role root). The credentials are used for this run and kept nowhere.`;

export async function rootCredentials(io: Io, knownUrl?: string): Promise<RootCredentials> {
  const given = async (name: string, question: string, hidden = false): Promise<string> =>
    valueOf(io.environment, name) ?? (await io.ask(question, { hidden }));
  const url = (knownUrl ?? (await given('NOCOBASE_URL', 'Address of NocoBase: '))).trim().replace(/\/+$/, '');
  if (!/^https?:\/\/[^/\s]/.test(url))
    throw new UsageError('The address of NocoBase must start with http:// or https://');
  return {
    url,
    account: await given('NOCOBASE_ROOT_ACCOUNT', 'Account with the role root: '),
    password: await given('NOCOBASE_ROOT_PASSWORD', 'Its password (not shown): ', true),
  };
}

/** An empty variable counts as absent, as in the configuration. */
export function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}
