import type { DingTalkContext } from '../dingtalk-context.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { listed } from '../../texts/index.js';
import { ORGANIZATION } from '../texts/dingtalk.js';

/** Concurrent calls: DingTalk allows 20 a second, including those of sign-ins. */
const AT_ONCE = 5;

/** DingTalk gives the application a token only in organizations that it belongs to. */
export const organizationProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.organization',
  title: ORGANIZATION.title,
  needs: ['dingtalk.credentials'],
  run: async ({ dingtalk, application }) => {
    const { corpIds } = application;
    if (corpIds.length === 0) {
      return attention(ORGANIZATION.none, ORGANIZATION.setYours);
    }
    const belongs: boolean[] = [];
    for (let at = 0; at < corpIds.length; at += AT_ONCE) {
      const some = corpIds.slice(at, at + AT_ONCE).map(async (corpId) => dingtalk.belongsTo(corpId));
      belongs.push(...(await Promise.all(some)));
    }
    const strange = corpIds.filter((_corpId, index) => !belongs[index]);
    if (strange.length === 0) return ok(ORGANIZATION.known);
    const what = ORGANIZATION.unknown(listed(strange));
    const fix = ORGANIZATION.setItsOwn;
    return strange.length === corpIds.length ? failed(what, fix) : attention(what, fix);
  },
};
