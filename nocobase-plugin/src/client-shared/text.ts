import { useTranslation } from 'react-i18next';
import type texts from '../locale/zh-CN.json';

/** NocoBase serves a plugin's texts under the name of its package. */
export const NAMESPACE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** The English text is the key of its translation. */
export type Text = keyof typeof texts;

export interface Language {
  readonly t: (text: Text) => string;
  /** Replaces placeholders in texts that NocoBase does not translate. */
  readonly lang: 'en' | 'zh';
  /** A title that NocoBase stores as a template, such as that of a role: `{{t("Admin")}}`. */
  readonly ofNocoBase: (title: string) => string;
}

/** The language of NocoBase's client. */
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
