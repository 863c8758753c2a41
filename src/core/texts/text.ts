/** The supported languages. */
export const LANGS = ['en', 'zh'] as const;
export type Lang = (typeof LANGS)[number];

/** A sentence in both languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export const text = (en: string, zh: string): Text => ({ en, zh });

/** Names, addresses and codes are the same in every language. */
export const verbatim = (value: string): Text => ({ en: value, zh: value });

export function joined(parts: readonly Text[], separator: string | Text): Text {
  const between = typeof separator === 'string' ? verbatim(separator) : separator;
  return { en: parts.map(({ en }) => en).join(between.en), zh: parts.map(({ zh }) => zh).join(between.zh) };
}

/** A list of names. */
export function listed(names: readonly string[]): Text {
  return joined(names.map(verbatim), text(', ', '、'));
}

/** Joins sentences; Chinese has no space between them. */
export function sentences(...parts: readonly Text[]): Text {
  return joined(parts, text(' ', ''));
}

/** Replaces each `{placeholder}`; unknown ones are left unchanged. */
export function filledIn(said: Text, valueOf: (placeholder: string, lang: Lang) => string | undefined): Text {
  const inLanguage = (lang: Lang): string =>
    said[lang].replaceAll(/\{([a-z][\w.]*)\}/g, (all, placeholder: string) => valueOf(placeholder, lang) ?? all);
  return { en: inLanguage('en'), zh: inLanguage('zh') };
}

/** The same change in both languages. */
export function reworded({ en, zh }: Text, change: (sentence: string) => string): Text {
  return { en: change(en), zh: change(zh) };
}

/** A failure as an administrator sees it; `message` is in English. */
export class TextError extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}
