import { attention, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import type { ExaminedGateway } from './public-url.probe.js';

/** Variables that an operator set and NocoBase's plugin decides about: a protection that is not there. */
export const ignoredVariablesProbe: Probe<ExaminedGateway> = {
  id: 'configuration.ignored',
  title: text('Settings that count for nothing', '不起作用的设置'),
  applies: (gateway) => ignoredBy(gateway).length > 0,
  run: async (gateway) => {
    const names = ignoredBy(gateway);
    return attention(
      text(
        `set here, but decided in NocoBase: ${names.join(', ')}`,
        `在此处设置，但由 NocoBase 决定：${names.join('、')}`,
      ),
      text(
        'With the plugin these are fields of the form in NocoBase (Settings, Authentication, DingTalk): look there, and take them out here.',
        '使用插件时，这些设置在 NocoBase 的表单中（设置 → 用户认证 → 钉钉）：请在那里检查，并从此处删除。',
      ),
    );
  },
};

function ignoredBy({ source, authenticators }: ExaminedGateway): readonly string[] {
  const ofAll = source.kind === 'nocobase' ? source.ignored : [];
  return [...new Set([...ofAll, ...authenticators.flatMap(({ ignored = [] }) => ignored)])];
}
