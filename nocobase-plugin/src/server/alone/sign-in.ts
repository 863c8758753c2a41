import type { Context } from '@nocobase/server';
import type { ExternalIdentity } from '../../../../src/core/accounts/index.js';
import {
  type Authenticated,
  type DingTalkFlow,
  endingTransaction,
  SIGN_IN_BUDGET_MS,
  stateIn,
} from '../../../../src/core/dingtalk/index.js';
import { InvalidRequestError, MisconfiguredError } from '../../../../src/core/errors/index.js';
import { RETURN_PATH_HEADER } from '../../../../src/core/plugin-protocol/index.js';
import { withTimeBudget } from '../../../../src/core/upstream/index.js';
import { isByGateway } from '../sign-in-by.js';
import { NotSetUpError } from '../sign-in.errors.js';
import { missingSettings } from '../settings.js';
import { DETAIL } from '../texts.js';
import { type GivenAnswer, givenAnswer, readAnswer } from './answer.js';
import { clientAddress } from './client-address.js';
import type { FlowRequest, Flows } from './flows.js';
import type { KnownAuthenticator } from './known-authenticators.js';

/** Who returned from DingTalk, and where they wanted to go; the path is not yet checked for the host at which they see NocoBase. */
export interface CameBack {
  readonly identity: ExternalIdentity;
  readonly returnPath: string;
}

/**
 * Turns DingTalk's answer into a person: the state belongs to this browser, and is used up before the code is sent, once. The rate
 * limit of the client address was checked by the door (`door.ts`).
 *
 * @throws what `DingTalkFlow` throws, InvalidRequestError, MisconfiguredError
 */
export async function signInByAnswer(
  context: Context,
  flows: Flows,
  authenticator: KnownAuthenticator,
): Promise<CameBack> {
  const flow = flowOf(flows, authenticator);
  const given = givenAnswer(context.req);
  if (given === undefined) throw new InvalidRequestError(DETAIL.noAnswer.en);
  const answer = readAnswer(given, flow.options.codePattern);
  const request: FlowRequest = {
    ip: clientAddress(context.req, authenticator.settings.trustedProxies),
    headers: context.req.headers,
    onHeld: (returnPath) => context.set({ [RETURN_PATH_HEADER]: encodeURI(returnPath) }),
  };
  const finish = async (): Promise<Authenticated> => {
    if (given.flow === 'in-app' && answer.kind === 'code') return flow.authenticateInApp(request, answer);
    const held = await flow.hold(request, answer.state, 'browser');
    if (answer.kind === 'denied') return flow.decline(request, held);
    return flow.exchange(request, held, async (dingtalk) => dingtalk.identify(answer.code));
  };
  const clearCookie = (): void => context.append('Set-Cookie', flow.clearCookie(answer.state));
  const { identity, transaction } = await withTimeBudget(SIGN_IN_BUDGET_MS, async () =>
    endingTransaction(finish, clearCookie),
  );
  return { identity, returnPath: transaction.returnPath };
}

/** Whether an answer belongs to a sign-in that this very browser started. Uses nothing up, and sends no request. */
export async function holdsTransaction(
  { req }: Context,
  answer: GivenAnswer,
  flows: Flows,
  authenticator: KnownAuthenticator,
): Promise<boolean> {
  if (isByGateway(authenticator.settings)) return false;
  try {
    return await flowOf(flows, authenticator).isHeld(stateIn(answer.query), req.headers.cookie, answer.flow);
  } catch (error) {
    // Not set up: the sign-in itself reports it.
    if (error instanceof MisconfiguredError) return false;
    throw error;
  }
}

/** @throws NotSetUpError, MisconfiguredError */
export function flowOf(flows: Flows, authenticator: KnownAuthenticator): DingTalkFlow {
  const missing = missingSettings(authenticator.settings);
  const { clientId, clientSecret } = authenticator;
  const unusable = [...(clientId === '' ? ['clientId'] : []), ...(clientSecret === '' ? ['clientSecret'] : [])];
  if (missing.length > 0 || unusable.length > 0) throw new NotSetUpError([...new Set([...missing, ...unusable])]);
  return flows.of(authenticator);
}
