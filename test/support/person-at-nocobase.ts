import { SignJWT } from 'jose';
import type { AloneCase } from './alone-case.js';

/** All credentials of a person. */
export interface PersonAtNocoBase {
  readonly userId: number;
  readonly session: string;
  readonly apiKey: string;
  readonly account: { readonly account: string; readonly password: string };
}

export interface SignedInByPassword {
  readonly status: number;
  readonly said: string;
  /** Those that a browser would keep for a session. */
  readonly cookies: readonly string[];
  readonly token?: string;
}

/** The answers for a session that has ended: issued before it was ended, or revoked by its id. */
export const DEAD = /^401 (?:INVALID|BLOCKED)_TOKEN$/;

/** A person of the sandbox with a NocoBase user: signed in with DingTalk, with an API key and a password. */
export async function enter(
  alone: Pick<AloneCase, 'nocobase' | 'sandbox' | 'signIn'>,
  personId: string,
  {
    roles,
    ...query
  }: { readonly roles?: readonly string[]; readonly authenticator?: string; readonly corpId?: string } = {},
): Promise<PersonAtNocoBase> {
  const account = { account: personId, password: 'Correct-Horse-9' };
  const { mobile } = alone.sandbox.world.person(personId);
  const user = { nickname: personId, phone: mobile, username: account.account, password: account.password };
  const { id } = await alone.nocobase.call<{ id: number }>('POST', 'users:create', user);
  const { token, user: signedIn, code } = await alone.signIn(personId, query);
  if (token === undefined || Number(signedIn?.['id']) !== id) throw new Error(`${personId} did not get in: ${code}`);
  // Afterwards, because an account with such a role is never linked.
  if (roles !== undefined) await alone.nocobase.call('POST', `users:update?filterByTk=${id}`, { roles });
  return { userId: id, session: token, apiKey: await apiKeyOf(alone, id, roles?.[0] ?? 'member'), account };
}

/** As `apiKeys:create` makes one: without an id, and never checked against the last change of the password. */
async function apiKeyOf({ nocobase }: Pick<AloneCase, 'nocobase'>, userId: number, roleName: string): Promise<string> {
  return new SignJWT({ userId, roleName })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(new TextEncoder().encode(nocobase.jwtSecret));
}

/** NocoBase's answer to a request with this token: `200`, or status and code. */
export async function answerTo(nocobase: { readonly api: string }, token: string): Promise<string> {
  const response = await fetch(`${nocobase.api}/auth:check`, { headers: { authorization: `Bearer ${token}` } });
  const { errors } = (await response.json()) as { errors?: { code: string }[] };
  return `${response.status} ${errors?.[0]?.code ?? ''}`.trim();
}

export async function signInByPassword(
  nocobase: { readonly api: string },
  account: PersonAtNocoBase['account'],
): Promise<SignedInByPassword> {
  const response = await fetch(`${nocobase.api}/auth:signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-authenticator': 'basic' },
    body: JSON.stringify(account),
  });
  const { data, errors } = (await response.json()) as {
    data?: { token: string };
    errors?: { code: string; message: string }[];
  };
  const [error] = errors ?? [];
  return {
    status: response.status,
    said: error === undefined ? '' : `${error.code}: ${error.message}`,
    cookies: response.headers.getSetCookie().filter((line) => /authToken|csrfToken/i.test(line)),
    ...(data === undefined ? {} : { token: data.token }),
  };
}
