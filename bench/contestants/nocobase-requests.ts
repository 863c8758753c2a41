import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { settings } from './settings.js';

// The requests that a sign-in sends to NocoBase, without a client: each contestant sends them with its own.

/** The used fields of DingTalk's profile. */
export interface Profile {
  readonly unionId: string;
  readonly nick: string;
  readonly mobile: string;
  readonly stateCode: string;
}

export interface Rows<Row> {
  readonly data: readonly Row[];
}

export const bindingQuery = (unionId: string): Record<string, string> => ({
  filter: JSON.stringify({ authenticator: 'dingtalk', uuid: unionId }),
  fields: 'userId,uuid,authenticator',
  paginate: 'false',
});

export const phoneQuery = ({ mobile, stateCode }: Profile): Record<string, string> => ({
  filter: JSON.stringify({ phone: { $in: [mobile, `+${stateCode}${mobile}`, `${stateCode}-${mobile}`] } }),
  fields: 'id,phone',
  paginate: 'false',
});

export const newUser = ({ unionId, nick, mobile }: Profile): object => ({
  nickname: nick,
  username: `dingtalk_${unionId.replace(/\W/g, '_')}`,
  phone: mobile,
  roles: ['member'],
  usersAuthenticators: { uuid: unionId, nickname: nick },
});

const key = new TextEncoder().encode(settings.jwtSecret);
const LIFETIME_SECONDS = 86_400;

/** NocoBase's session: the record in `issuedTokens`, and the token to hand over. */
export async function newSession(userId: number): Promise<{ row: object; token: string }> {
  const jti = randomUUID();
  const now = Date.now();
  const iat = Math.floor(now / 1000);
  const token = await new SignJWT({ userId, temp: true, signInTime: now, jti })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_SECONDS)
    .sign(key);
  return { token, row: { id: jti, jti, signInTime: now, issuedTime: now, userId, authenticator: 'dingtalk' } };
}

/** Where the browser goes with it. */
export function handOff(returnPath: string, token: string): string {
  return `${settings.nocoBasePublicUrl}${returnPath}?${new URLSearchParams({ authenticator: 'dingtalk', token }).toString()}`;
}
