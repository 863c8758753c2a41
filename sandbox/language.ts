import type { Call } from './http.js';

export type Language = 'zh' | 'en';

/** The preferred one of Chinese and English (RFC 9110, 12.5.4); Chinese if the browser prefers neither. */
export function languageOf(call: Call): Language {
  const ranked = (call.headers['accept-language'] ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], quality: Number(quality ?? 1) };
    })
    .filter(({ language, quality }) => (language === 'zh' || language === 'en') && quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return ranked[0]?.language === 'en' ? 'en' : 'zh';
}
