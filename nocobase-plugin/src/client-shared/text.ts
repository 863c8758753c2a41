import { useTranslation } from 'react-i18next';
import type texts from '../locale/zh-CN.json';

/** NocoBase hands out a plugin's texts under the name of its package. */
export const NAMESPACE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** The English text is the key of its translation. */
export type Text = keyof typeof texts;

export interface Language {
  readonly t: (text: Text) => string;
  /** Of texts that are not in NocoBase's hands. */
  readonly lang: 'en' | 'zh';
  /** A title that NocoBase keeps as a template, such as that of a role: `{{t("Admin")}}`. */
  readonly ofNocoBase: (title: string) => string;
}

/** The language that NocoBase's client speaks. */
export function useLanguage(): Language {
  const { t, i18n } = useTranslation([NAMESPACE, 'client'], { nsMode: 'fallback' });
  return {
    t,
    lang: i18n.language?.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    ofNocoBase: (title) => {
      const key = /^\{\{\s*t\(\s*["'](.+?)["']/.exec(title)?.[1];
      return key === undefined ? title : t(key);
    },
  };
}
