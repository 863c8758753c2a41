import type { Action } from '@nocobase/server';
import { keysAddress } from './addresses.js';
import { findAll } from './authenticators.js';
import type { GatewayKeys } from './gateway-keys.js';
import { KeysUnreachableError } from './key-cache.js';
import { isByGateway } from './sign-in-by.js';
import { PublicError } from './sign-in.errors.js';
import { noAnswer } from './why-no-answer.js';
import { LOG } from './texts.js';

/**
 * `GET dingtalk:keys?authenticator=NAME`, for administrators: the thumbprints (RFC 7638) of the current keys of the gateway at the
 * saved address, to compare with those that the gateway prints itself.
 */
export function keysAction(keys: GatewayKeys): Action {
  return async (context, next) => {
    const name = context.query['authenticator'];
    const authenticator = (await findAll(context.db)).find((one) => one.name === name);
    const refusal = (status: number, code: string): PublicError =>
      new PublicError(status, code, (text, options) => context.t(text, options));
    if (authenticator === undefined) throw refusal(404, 'not_found');
    if (!isByGateway(authenticator.settings)) throw refusal(400, 'no_gateway');
    const address = keysAddress(authenticator.settings);
    if (address === '') throw refusal(400, 'misconfigured');
    try {
      context.body = { address, thumbprints: await keys.look(address) };
    } catch (error) {
      context.log.warn(LOG.noKeys.en, { authenticator: name, why: String(error).slice(0, 500) });
      throw noAnswer(context, address, error instanceof KeysUnreachableError ? error.cause : error);
    }
    await next();
  };
}
