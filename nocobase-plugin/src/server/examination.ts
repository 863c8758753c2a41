import { randomBytes } from 'node:crypto';
import type { Action, Context } from '@nocobase/server';
import {
  examinationQuestion,
  type ExaminationReport,
  examinationReport,
  type ExaminationRequest,
  GATEWAY_REFUSALS,
} from '../../../src/core/plugin-protocol/index.js';
import { keysAddress } from './addresses.js';
import { boundedFetch } from './bounded-body.js';
import { type GatewayAssertions, GatewayRefusedError } from './gateway-assertions.js';
import { Allowance } from './allowance.js';
import { InvalidSettingsError } from './authenticator-rows.js';
import { type DingTalkAuthenticator, findAll } from './authenticators.js';
import { examineHere } from './doctor/examine-here.js';
import { seenRequest } from './doctor/seen-request.js';
import { PACKAGE } from './names.js';
import type { Once } from './once.js';
import type { SecretVault } from './secret-vault.js';
import { missingSettings, type Settings } from './settings.js';
import { isByGateway } from './sign-in-by.js';
import { PublicError } from './sign-in.errors.js';
import { codeOf, noAnswer, UnexpectedAnswerError } from './why-no-answer.js';
import type { Lang } from '../../../src/core/texts/text.js';
import { LOG } from './texts.js';

/** The gateway asks for confirmation within moments. */
const CONFIRMABLE_MS = 60_000;
/** Enough for all of the doctor's probes, the slowest included. */
const EXAMINING_MS = 60_000;

/** This NocoBase's answer to a gateway that asks for confirmation, in the words of the form. */
const CODE_OF_REFUSAL: Readonly<Record<string, string>> = {
  [GATEWAY_REFUSALS.unknownGateway]: 'gateway_another',
  [GATEWAY_REFUSALS.otherAddress]: 'gateway_for_another',
  [GATEWAY_REFUSALS.noKeys]: 'keys_unreachable',
  [GATEWAY_REFUSALS.keyNotPinned]: 'gateway_key_not_pinned',
  [GATEWAY_REFUSALS.invalidAssertion]: 'gateway_signature',
};

/** Too many requests within a minute, from all clients together. */
class BusyGatewayError extends Error {}

/** Per process, for all of its applications together: each run takes seconds and sends DingTalk a dozen requests. */
const EXAMINATIONS_HERE = new Allowance({ atOnce: 1, aMinute: 20 });

interface Parts {
  readonly once: Once;
  readonly vault: SecretVault;
}

/**
 * `POST dingtalk:examine?authenticator=NAME` {lang}, for administrators: checks this NocoBase's own sign-in, or asks the gateway to
 * check its setup.
 */
export function examineAction({ once, vault }: Parts): Action {
  return async (context, next) => {
    // NocoBase checks no CSRF token on GET requests, and a cross-site GET carries cookies.
    if (context.method !== 'POST') throw refusal(context, 405, 'post_only');
    const name = context.query['authenticator'];
    const unreadable = new Map<unknown, string>();
    const readable = await findAll(context.db, (found) => unreadable.set(found.name, found.problem));
    const problem = unreadable.get(name);
    if (problem !== undefined) throw new InvalidSettingsError(context.t(problem, { ns: PACKAGE }));
    const authenticator = readable.find((one) => one.name === name);
    if (authenticator === undefined) throw refusal(context, 404, 'not_found');
    const { lang: wanted } = Object(context.action.params['values'] ?? {}) as { lang?: unknown };
    const lang = wanted === 'zh' ? 'zh' : 'en';
    context.body = isByGateway(authenticator.settings)
      ? await examineGateway(context, authenticator, once, lang)
      : await examineOwn(context, authenticator, vault, lang);
    await next();
  };
}

async function examineOwn(
  context: Context,
  authenticator: DingTalkAuthenticator,
  vault: SecretVault,
  lang: Lang,
): Promise<ExaminationReport> {
  const host = { app: context.app, vault };
  const report = await EXAMINATIONS_HERE.within(async () =>
    examineHere(host, authenticator, seenRequest(context), lang),
  );
  if (report === undefined) throw refusal(context, 429, 'examination_busy');
  return report.done;
}

async function examineGateway(
  context: Context,
  { name, settings }: DingTalkAuthenticator,
  once: Once,
  lang: Lang,
): Promise<ExaminationReport> {
  const missing = missingSettings(settings);
  if (missing.length > 0) throw refusal(context, 400, 'misconfigured');
  const id = randomBytes(32).toString('base64url');
  await once.remember(`examination ${id}`, name, CONFIRMABLE_MS);
  try {
    return await ask(settings, name, { id, lang });
  } catch (error) {
    context.log.warn(LOG.notExamined.en, { authenticator: name, why: codeOf(error) });
    if (error instanceof BusyGatewayError) throw refusal(context, 429, 'gateway_busy');
    const refused = await once.take(`refusal ${id}`);
    const code = refused === undefined ? undefined : CODE_OF_REFUSAL[refused];
    throw code === undefined ? noAnswer(context, keysAddress(settings), error) : refusal(context, 502, code);
  } finally {
    await once.take(`examination ${id}`);
  }
}

/** `POST dingtalk:confirmExamination` {id, authenticator}, for gateways: did an administrator of this NocoBase request this check? */
export function confirmExaminationAction(assertions: GatewayAssertions, once: Once): Action {
  return async (context, next) => {
    const question = examinationQuestion.safeParse(context.action.params['values']).data;
    const { authenticators, refusing } = await assertions.asking(context).catch(async (error: unknown) => {
      // It answers, but is not accepted as this form's gateway: the waiting administrator is told why.
      const isWaitedFor = question !== undefined && (await once.knows(`examination ${question.id}`));
      if (isWaitedFor && error instanceof GatewayRefusedError) {
        await once.remember(`refusal ${question.id}`, error.code, CONFIRMABLE_MS);
      }
      throw error;
    });
    const asked = question === undefined ? undefined : await once.take(`examination ${question.id}`);
    const isTheirs = authenticators.some(({ name }) => name === asked);
    // The same, if only this authenticator does not accept it.
    const refused = asked === undefined ? undefined : refusing.get(asked);
    if (question !== undefined && refused !== undefined) {
      await once.remember(`refusal ${question.id}`, refused, CONFIRMABLE_MS);
    }
    context.body = { confirmed: asked !== undefined && asked === question?.authenticator && isTheirs };
    await next();
  };
}

async function ask(settings: Settings, name: string, request: ExaminationRequest): Promise<ExaminationReport> {
  const response = await boundedFetch(`${keysAddress(settings)}/auth/dingtalk/${name}/doctor`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
    redirect: 'error',
    signal: AbortSignal.timeout(EXAMINING_MS),
  });
  if (response.status === 429) throw new BusyGatewayError('HTTP 429');
  const report = examinationReport.safeParse(await response.json().catch(() => undefined)).data;
  if (!response.ok || report === undefined) throw new UnexpectedAnswerError(response.status);
  return report;
}

function refusal(context: Context, status: number, code: string): PublicError {
  return new PublicError(status, code, (text, options) => context.t(text, options));
}
