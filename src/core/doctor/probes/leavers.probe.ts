import { isIpRefusal } from '../dingtalk-calls.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { ExchangeError } from '../http-exchange.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import { ANY } from '../texts/report.js';
import { LEAVERS } from '../texts/leavers.js';

const isWatched = ({ watch }: DingTalkContext): boolean => watch !== undefined && watch.mode !== 'off';
/** Without this permission people who left are not locked. If the mode is only `report`, that is no risk. */
const withoutIt = ({ watch }: DingTalkContext) => (watch?.mode === 'lock' ? failed : attention);

/** Without it DingTalk does not say whether a person is a member. */
const membersProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.leavers.members',
  title: LEAVERS.membersTitle,
  needs: ['dingtalk.host.oapi', 'dingtalk.credentials'],
  applies: isWatched,
  run: async (context) => {
    const answer = await context.dingtalk.memberLookup().catch((error: unknown) => {
      if (error instanceof ExchangeError) return error;
      throw error;
    });
    if (answer instanceof ExchangeError) {
      const { host } = new URL(context.application.oapiUrl);
      return withoutIt(context)(ANY.doesNotAnswer(host, answer.code), ANY.lookAtNetwork);
    }
    const code = answer?.code ?? -1;
    switch (code) {
      case 0:
      case 60121:
      case 33012:
        return ok(LEAVERS.membersGranted);
      case 60020:
        return skipped(LEAVERS.addressRefusedFirst);
      case 60011:
        return withoutIt(context)(LEAVERS.membersMissing, LEAVERS.grantMembers);
      default:
        return attention(LEAVERS.membersNotSaid(code), LEAVERS.grantMembers);
    }
  },
};

/** Additional evidence, and updates within minutes if no events are received. */
const recordsProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.leavers.records',
  title: LEAVERS.recordsTitle,
  needs: ['dingtalk.host.api', 'dingtalk.credentials'],
  applies: isWatched,
  run: async ({ dingtalk }) => {
    const refusal = await dingtalk.leaveRecordsRefusal();
    if (refusal === undefined) return ok(LEAVERS.recordsGranted);
    if (isIpRefusal(refusal)) return skipped(LEAVERS.addressRefusedFirst);
    return attention(LEAVERS.recordsMissing(refusal), LEAVERS.grantRecords);
  },
};

const streamProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.leavers.stream',
  title: LEAVERS.streamTitle,
  needs: ['dingtalk.host.api', 'dingtalk.credentials'],
  applies: (context) => isWatched(context) && context.watch?.events === 'stream',
  run: async ({ dingtalk }) => {
    const offered = await dingtalk.streamOffer();
    return 'host' in offered
      ? ok(LEAVERS.streamOpens(offered.host))
      : attention(LEAVERS.streamRefused(offered.code), LEAVERS.subscribe);
  },
};

const pushProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.leavers.push',
  title: LEAVERS.pushTitle,
  applies: (context) => isWatched(context) && context.watch?.events === 'push',
  run: async ({ watch }) => {
    const address = watch?.eventsUrl ?? '';
    return attention(LEAVERS.pushAt(address), LEAVERS.enterAddress(address));
  },
};

export const LEAVER_PROBES: readonly Probe<DingTalkContext>[] = [membersProbe, recordsProbe, streamProbe, pushProbe];
