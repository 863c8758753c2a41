import type { Patient } from '../patient.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

/** DingTalk gives the application a token in the organizations that it belongs to, and in no other. */
export const organizationProbe: Probe<Patient> = {
  id: 'dingtalk.organization',
  title: text('Organization (DINGTALK_CORP_ID)', '组织（DINGTALK_CORP_ID）'),
  needs: ['dingtalk.credentials'],
  run: async ({ dingtalk, authenticator }) => {
    const { corpIds } = authenticator.dingtalk;
    if (corpIds.length === 0) {
      return attention(
        text('no organization is named: anybody whom DingTalk lets through', '未指定组织：钉钉放行的任何人都可以登录'),
        text(
          'Set DINGTALK_CORP_ID to the CorpId of your organization: open-dev.dingtalk.com, top right, the organization.',
          '请将 DINGTALK_CORP_ID 设为您的组织的 CorpId：open-dev.dingtalk.com 右上角的组织信息。',
        ),
      );
    }
    const belongs = await Promise.all(corpIds.map(async (corpId) => dingtalk.belongsTo(corpId)));
    const strange = corpIds.filter((_corpId, index) => !belongs[index]);
    if (strange.length === 0) return ok(text('the application belongs to it', '应用属于该组织'));
    const list = strange.join(', ');
    const what = text(`DingTalk does not know the application in ${list}`, `钉钉表示应用不属于：${strange.join('、')}`);
    const fix = text(
      'Set DINGTALK_CORP_ID to the CorpId of the organization that the application was created in: open-dev.dingtalk.com, top right, the organization.',
      '请将 DINGTALK_CORP_ID 设为创建该应用的组织的 CorpId：open-dev.dingtalk.com 右上角的组织信息。',
    );
    return strange.length === corpIds.length ? failed(what, fix) : attention(what, fix);
  },
};
