import type { DingTalkSettings } from '../../dingtalk/index.js';
import { isIpRefusal } from '../dingtalk-calls.js';
import { ExchangeError } from '../http-exchange.js';
import type { DoctorContext } from '../doctor-context.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import { verbatim } from '../../core/texts/index.js';
import { CONSENT, CREDENTIALS, EGRESS, MEMBER_PERMISSION } from '../texts/dingtalk.js';
import { ANY } from '../texts/report.js';

/** The organization's records: for the mode `member`, and for silent sign-in inside DingTalk. */
const asksForMembers = ({ identity, corpIds }: DingTalkSettings): boolean =>
  identity === 'member' || corpIds.length > 0;

/** Without those records people can still sign in on DingTalk's page where their own profile counts. */
const withoutMembers = ({ identity }: DingTalkSettings) => (identity === 'member' ? failed : attention);

/** An app access token is given to whoever has the right id and secret. */
export const credentialsProbe: Probe<DoctorContext> = {
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
    if (/^(invalidClientIdOrSecret|invalid\.client|unauthorized\.client)$/.test(code)) {
      return failed(CREDENTIALS.refused(code), CREDENTIALS.copyThem);
    }
    return failed(CREDENTIALS.noToken(code), CREDENTIALS.lookCodeUp);
  },
};

export const egressProbe: Probe<DoctorContext> = {
  id: 'dingtalk.egress',
  title: EGRESS.title,
  needs: ['dingtalk.host.api'],
  run: async ({ dingtalk, authenticator }) => {
    const granted = await dingtalk.appToken();
    // Whether the older API answers at all is another probe's question.
    const asked = asksForMembers(authenticator.dingtalk)
      ? await dingtalk.memberLookup().catch(() => undefined)
      : undefined;
    const bad = 'refusal' in granted ? failed : withoutMembers(authenticator.dingtalk);
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

/** The older API tells a missing permission and a missing person apart. */
export const memberPermissionProbe: Probe<DoctorContext> = {
  id: 'dingtalk.permission.member',
  title: MEMBER_PERMISSION.title,
  needs: ['dingtalk.host.oapi', 'dingtalk.credentials'],
  applies: ({ authenticator }) => asksForMembers(authenticator.dingtalk),
  run: async ({ dingtalk, authenticator }) => {
    const bad = withoutMembers(authenticator.dingtalk);
    const answer = await dingtalk.memberLookup().catch((error: unknown) => {
      if (error instanceof ExchangeError) return error;
      throw error;
    });
    if (answer instanceof ExchangeError) {
      const { host } = new URL(authenticator.dingtalk.oapiUrl);
      return bad(ANY.doesNotAnswer(host, answer.code), MEMBER_PERMISSION.openFirewall);
    }
    const isNeeded = authenticator.dingtalk.identity === 'member';
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

/** What DingTalk shows only to somebody who consents. */
export const consentProbe: Probe<DoctorContext> = {
  id: 'dingtalk.permission.consent',
  title: CONSENT.title,
  needs: ['dingtalk.credentials'],
  run: async ({ authenticator }) => {
    const permissions = authenticator.dingtalk.identity === 'member' ? CONSENT.ofMembers : CONSENT.ofProfiles;
    return attention(CONSENT.needsPerson(permissions), CONSENT.signIn(permissions));
  },
};
