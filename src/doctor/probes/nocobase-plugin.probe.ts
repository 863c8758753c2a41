import { PluginError } from '../../plugin-client/index.js';
import type { PluginPatient } from '../patient.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import { pluginTrouble } from './plugin-trouble.js';

/** Whether the plugin answers, takes our signature, and has this authenticator for this gateway. */
export const pluginProbe: Probe<PluginPatient> = {
  id: 'nocobase.plugin',
  title: text('DingTalk plugin of NocoBase', 'NocoBase 钉钉插件'),
  needs: ['nocobase.reachable'],
  run: async (patient) => {
    const { name } = patient.authenticator;
    try {
      const { version, authenticators } = await patient.pluginSettings();
      const found = authenticators.find((one) => one.name === name);
      if (found === undefined) {
        const { what, fix } = pluginTrouble('gateway_unknown', patient.publicUrl);
        return failed(what, fix);
      }
      const known = /^[\w.+-]+$/.test(version) ? version : '?';
      if (found.enabled && patient.plugin.isKnownByOlderKey) {
        const key = patient.plugin.firstThumbprint;
        return attention(
          text(`version ${known}, takes an older key than ${key}`, `版本 ${known}，仍在使用 ${key} 之前的旧密钥`),
          text(
            `While AUTH_COOKIE_SECRET is being changed: restart every process with the same list. If keys are pinned in the DingTalk form, pin ${key} before the old secret goes.`,
            `更换 AUTH_COOKIE_SECRET 期间：请用相同的列表重启所有进程。如果钉钉表单中固定了密钥，请在去掉旧密钥之前固定 ${key}。`,
          ),
        );
      }
      if (found.enabled) {
        const key = patient.plugin.firstThumbprint;
        return ok(
          text(
            `version ${known}, knows this gateway, whose signing key is ${key}`,
            `版本 ${known}，认识此网关，其签名密钥为 ${key}`,
          ),
        );
      }
      return attention(
        text(`knows this gateway, but ${name} is not enabled: nobody can use it yet`, `认识此网关，但 ${name} 未启用`),
        pluginTrouble('none_enabled', patient.publicUrl).fix,
      );
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      // Another probe's question; to ask it the plugin has taken our signature.
      if (error.trouble === 'address_differs') return ok(text('knows this gateway', '认识此网关'));
      const { what, fix } = pluginTrouble(error.trouble, patient.publicUrl);
      return failed(what, fix);
    }
  },
};
