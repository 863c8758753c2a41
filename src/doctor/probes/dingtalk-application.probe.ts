import type { DingTalkSettings } from '../../dingtalk/index.js';
import { isIpRefusal } from '../dingtalk-calls.js';
import { ExchangeError } from '../http-exchange.js';
import type { Patient } from '../patient.js';
import { attention, failed, ok, type Probe, skipped } from '../probe.js';
import { text } from '../../core/texts/index.js';

/** The organization's records: for the mode `member`, and for silent sign-in inside DingTalk. */
const asksForMembers = ({ identity, corpIds }: DingTalkSettings): boolean =>
  identity === 'member' || corpIds.length > 0;

/** Without those records people can still sign in on DingTalk's page where their own profile counts. */
const withoutMembers = ({ identity }: DingTalkSettings) => (identity === 'member' ? failed : attention);

/** An app access token is given to whoever has the right id and secret. */
export const credentialsProbe: Probe<Patient> = {
  id: 'dingtalk.credentials',
  title: text('Client ID and Client Secret', 'Client ID 与 Client Secret'),
  needs: ['dingtalk.host.api'],
  run: async ({ dingtalk }) => {
    const granted = await dingtalk.appToken();
    if ('token' in granted) return ok(text('DingTalk accepts them', '钉钉已接受'));
    const { code } = granted.refusal;
    if (isIpRefusal(code)) {
      return skipped(
        text('not tested: DingTalk refuses the address of this server first', '未检测：钉钉先拒绝了本服务器的 IP 地址'),
      );
    }
    if (/^(invalidClientIdOrSecret|invalid\.client|unauthorized\.client)$/.test(code)) {
      return failed(
        text(`DingTalk refuses them (${code})`, `钉钉拒绝（${code}）`),
        text(
          'open-dev.dingtalk.com, your application, Credentials: copy Client ID to DINGTALK_CLIENT_ID and Client Secret to DINGTALK_CLIENT_SECRET, without blanks. A reset secret counts at once.',
          'open-dev.dingtalk.com → 您的应用 → 凭证与基础信息：将 Client ID 填入 DINGTALK_CLIENT_ID，Client Secret 填入 DINGTALK_CLIENT_SECRET，不要带空格。重置后的密钥立即生效。',
        ),
      );
    }
    return failed(
      text(`DingTalk gives no app access token (${code})`, `钉钉未返回应用 access token（${code}）`),
      text(
        'Try again in a minute; if it stays, look the code up at open.dingtalk.com (server API error codes).',
        '请稍后重试；若仍如此，请在 open.dingtalk.com 查询该错误码。',
      ),
    );
  },
};

export const egressProbe: Probe<Patient> = {
  id: 'dingtalk.egress',
  title: text('Egress IP white list', '服务器出口 IP 白名单'),
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
      return ok(
        text(
          'DingTalk answers this server; every other server of yours needs to be on the list, too',
          '钉钉应答本服务器；其他服务器也需在白名单内',
        ),
      );
    }
    const ip = refusal.egressIp;
    return bad(
      ip === undefined
        ? text(
            `DingTalk refuses the address of this server (${refusal.code})`,
            `钉钉拒绝本服务器的 IP 地址（${refusal.code}）`,
          )
        : text(
            `DingTalk sees this server as ${ip} and refuses it (${refusal.code})`,
            `钉钉看到本服务器的 IP 为 ${ip}，并拒绝访问（${refusal.code}）`,
          ),
      text(
        `open-dev.dingtalk.com, your application, Security settings, Server egress IP: add ${ip ?? 'the address under which this server reaches the internet'}; with IPv6, both addresses.`,
        `open-dev.dingtalk.com → 您的应用 → 安全设置 → 服务器出口 IP：添加 ${ip ?? '本服务器访问外网时的 IP'}；若使用 IPv6，请同时添加两种地址。`,
      ),
    );
  },
};

/** The older API tells a missing permission and a missing person apart. */
export const memberPermissionProbe: Probe<Patient> = {
  id: 'dingtalk.permission.member',
  title: text('Permission qyapi_get_member', '权限 qyapi_get_member（成员信息读权限）'),
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
      return bad(
        text(`${host} does not answer (${answer.code})`, `${host} 没有应答（${answer.code}）`),
        text(
          'No silent sign-in inside DingTalk without it: open the firewall for outgoing connections to this host, and look at DINGTALK_OAPI_URL.',
          '无法在钉钉内免登：请在防火墙中放行到该主机的出站连接，并检查 DINGTALK_OAPI_URL。',
        ),
      );
    }
    const isNeeded = authenticator.dingtalk.identity === 'member';
    const code = answer?.code ?? -1;
    switch (code) {
      case 0:
      case 60121:
      case 33012:
        return ok(text('granted', '已开通'));
      case 60020:
        return skipped(
          text(
            'not tested: DingTalk refuses the address of this server first',
            '未检测：钉钉先拒绝了本服务器的 IP 地址',
          ),
        );
      case 60011:
        return bad(
          isNeeded
            ? text(
                'not granted, or not published (60011): nobody can sign in',
                '未开通或未发布（60011）：所有人都无法登录',
              )
            : text(
                'not granted, or not published (60011): no silent sign-in inside DingTalk',
                '未开通或未发布（60011）：无法在钉钉内免登',
              ),
          text(
            'open-dev.dingtalk.com, your application, Permission management: grant qyapi_get_member (member information); then Version management: publish.',
            'open-dev.dingtalk.com → 您的应用 → 权限管理：开通 qyapi_get_member（成员信息读权限）；然后在“版本管理与发布”发布。',
          ),
        );
      case 50002:
      case 50004:
        return bad(
          text(`the contact scope of the application is too small (${code})`, `应用的通讯录授权范围不足（${code}）`),
          text(
            'open-dev.dingtalk.com, your application, Permission management, Contact scope: all employees, or the departments that sign in; then publish.',
            'open-dev.dingtalk.com → 您的应用 → 权限管理 → 通讯录权限范围：选择全部员工或需要登录的部门，然后发布。',
          ),
        );
      default:
        return attention(
          text(`DingTalk did not say (${code})`, `钉钉未给出结论（${code}）`),
          text(
            'Try again in a minute; if it stays, look the code up at open.dingtalk.com.',
            '请稍后重试；若仍如此，请在 open.dingtalk.com 查询该错误码。',
          ),
        );
    }
  },
};

/** What DingTalk shows only to somebody who consents. */
export const consentProbe: Probe<Patient> = {
  id: 'dingtalk.permission.consent',
  title: text('Permissions that only a sign-in shows', '只有实际登录才能验证的权限'),
  needs: ['dingtalk.credentials'],
  run: async ({ authenticator }) => {
    const [en, zh] =
      authenticator.dingtalk.identity === 'member'
        ? ['Contact.User.Read, employee mobile number', 'Contact.User.Read、员工手机号']
        : ['Contact.User.Read, Contact.User.mobile', 'Contact.User.Read、Contact.User.mobile'];
    return attention(
      text(`cannot be asked without a person: ${en}`, `没有人登录就无法检测：${zh}`),
      text(
        `Sign in once yourself. Should a page name one of them: open-dev.dingtalk.com, your application, Permission management: grant ${en}; then Version management: publish, and consent again.`,
        `请自己登录一次。若页面提示缺少其中之一：open-dev.dingtalk.com → 您的应用 → 权限管理：开通 ${zh}；然后在“版本管理与发布”发布，并重新授权登录。`,
      ),
    );
  },
};
