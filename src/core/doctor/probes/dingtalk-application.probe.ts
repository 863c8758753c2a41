import { isCredentialsRefusal, isIpRefusal } from '../dingtalk-calls.js';
import { ExchangeError } from '../http-exchange.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import { verbatim } from '../../texts/index.js';
import { CONSENT, CREDENTIALS, EGRESS, MEMBER_PERMISSION } from '../texts/dingtalk.js';
import { ANY } from '../texts/report.js';

type Application = DingTalkContext['application'];

/** The organization's records, for the mode `member` and for silent sign-in inside DingTalk. */
const asksForMembers = ({ identity, corpIds }: Application): boolean => identity === 'member' || corpIds.length > 0;

/** Without these records people can still sign in on DingTalk's page if their own profile is used. */
const withoutMembers = ({ identity }: Application) => (identity === 'member' ? failed : attention);

/** DingTalk gives an app access token to any caller with the right id and secret. */
export const credentialsProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.credentials',
  title: CREDENTIALS.title,
  needs: ['dingtalk.host.api'],
  run: async ({ dingtalk }) => {
    const granted = await dingtalk.appToken();
    if ('token' in granted) return ok(CREDENTIALS.accepted);
    const { code } = granted.refusal;
    if (isIpRefusal(code)) {
      return skipped(CREDENTIALS.addressRefusedFirst);
    }
    if (isCredentialsRefusal(code)) {
      return failed(CREDENTIALS.refused(code), CREDENTIALS.copyThem);
    }
    return failed(CREDENTIALS.noToken(code), CREDENTIALS.lookCodeUp);
  },
};

export const egressProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.egress',
  title: EGRESS.title,
  needs: ['dingtalk.host.api'],
  run: async ({ dingtalk, application }) => {
    const granted = await dingtalk.appToken();
    // Whether the older API responds is another probe's question.
    const asked = asksForMembers(application) ? await dingtalk.memberLookup().catch(() => undefined) : undefined;
    const bad = 'refusal' in granted ? failed : withoutMembers(application);
    const refusals = [
      ...('refusal' in granted ? [granted.refusal] : []),
      ...(asked === undefined ? [] : [{ code: String(asked.code), egressIp: asked.egressIp }]),
    ].filter(({ code }) => isIpRefusal(code));
    const [refusal] = refusals;
    if (refusal === undefined) {
      return ok(EGRESS.answered);
    }
    const ip = refusal.egressIp;
    return bad(
      ip === undefined ? EGRESS.refused(refusal.code) : EGRESS.refusedAs(ip, refusal.code),
      EGRESS.add(ip === undefined ? EGRESS.unknownIp : verbatim(ip)),
    );
  },
};

/** The older API distinguishes a missing permission from a missing person. */
export const memberPermissionProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.permission.member',
  title: MEMBER_PERMISSION.title,
  needs: ['dingtalk.host.oapi', 'dingtalk.credentials'],
  applies: ({ application }) => asksForMembers(application),
  run: async ({ dingtalk, application }) => {
    const bad = withoutMembers(application);
    const answer = await dingtalk.memberLookup().catch((error: unknown) => {
      if (error instanceof ExchangeError) return error;
      throw error;
    });
    if (answer instanceof ExchangeError) {
      const { host } = new URL(application.oapiUrl);
      return bad(ANY.doesNotAnswer(host, answer.code), MEMBER_PERMISSION.openFirewall);
    }
    const isNeeded = application.identity === 'member';
    const code = answer?.code ?? -1;
    switch (code) {
      case 0:
      case 60121:
      case 33012:
        return ok(MEMBER_PERMISSION.granted);
      case 60020:
        return skipped(MEMBER_PERMISSION.addressRefusedFirst);
      case 60011:
        return bad(
          isNeeded ? MEMBER_PERMISSION.nobodyCanSignIn : MEMBER_PERMISSION.noSilentSignIn,
          MEMBER_PERMISSION.grant,
        );
      case 50002:
      case 50004:
        return bad(MEMBER_PERMISSION.scopeTooSmall(code), MEMBER_PERMISSION.widenScope);
      default:
        return attention(MEMBER_PERMISSION.notSaid(code), MEMBER_PERMISSION.lookCodeUp);
    }
  },
};

/** What DingTalk shows only to a person who consents. */
export const consentProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.permission.consent',
  title: CONSENT.title,
  needs: ['dingtalk.credentials'],
  run: async ({ application }) => {
    const permissions = application.identity === 'member' ? CONSENT.ofMembers : CONSENT.ofProfiles;
    return attention(CONSENT.needsPerson(permissions), CONSENT.signIn(permissions));
  },
};
