import { GatewayError, MisconfiguredError } from '../errors/index.js';
import type { Unclear } from '../leavers/index.js';
import { SETTING } from '../texts/index.js';

/** Why there is no answer; `detail` names the permission, or DingTalk's code and request id. */
export interface Unknown {
  readonly why: Unclear;
  readonly detail?: string | undefined;
}

/** The book's limit. */
const MAX_DETAIL = 200;
const BY_SETTING: Readonly<Record<string, Unclear>> = {
  [SETTING.contactScope.en]: 'out_of_scope',
  [SETTING.egressIp.en]: 'address_refused',
  'DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET': 'credentials_refused',
};
/**
 * DingTalk's codes for a wrong key or secret: https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
const WRONG_CREDENTIALS = /\b(?:40089|40096)\b/;

/** Why an error of a call to DingTalk is no answer. Unknown errors are `no_answer`. */
export function unclearOf(error: unknown): Required<Unknown> {
  const said = error instanceof GatewayError ? (error.detail ?? error.code) : 'server_error';
  if (error instanceof MisconfiguredError) {
    const { setting = '' } = error;
    return { why: BY_SETTING[setting] ?? 'no_permission', detail: `${setting} (${said})`.slice(0, MAX_DETAIL) };
  }
  return {
    why: WRONG_CREDENTIALS.test(said) ? 'credentials_refused' : 'no_answer',
    detail: said.slice(0, MAX_DETAIL),
  };
}

/** It affects everyone, so asking about the next person is useless. */
export function concernsAll(why: Unclear): boolean {
  return why === 'no_permission' || why === 'address_refused' || why === 'credentials_refused';
}
