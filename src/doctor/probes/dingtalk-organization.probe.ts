import type { DoctorContext } from '../doctor-context.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { listed } from '../../core/texts/index.js';
import { ORGANIZATION } from '../texts/dingtalk.js';

/** DingTalk gives the application a token in the organizations that it belongs to, and in no other. */
export const organizationProbe: Probe<DoctorContext> = {
  id: 'dingtalk.organization',
  title: ORGANIZATION.title,
  needs: ['dingtalk.credentials'],
  run: async ({ dingtalk, authenticator }) => {
    const { corpIds } = authenticator.dingtalk;
    if (corpIds.length === 0) {
      return attention(ORGANIZATION.none, ORGANIZATION.setYours);
    }
    const belongs = await Promise.all(corpIds.map(async (corpId) => dingtalk.belongsTo(corpId)));
    const strange = corpIds.filter((_corpId, index) => !belongs[index]);
    if (strange.length === 0) return ok(ORGANIZATION.known);
    const what = ORGANIZATION.unknown(listed(strange));
    const fix = ORGANIZATION.setItsOwn;
    return strange.length === corpIds.length ? failed(what, fix) : attention(what, fix);
  },
};
