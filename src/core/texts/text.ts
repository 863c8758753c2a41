/** The languages that this project speaks. */
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

export function joined(parts: readonly Text[], separator: string): Text {
  return { en: parts.map(({ en }) => en).join(separator), zh: parts.map(({ zh }) => zh).join(separator) };
}

/** The same change in both languages. */
export function reworded({ en, zh }: Text, change: (sentence: string) => string): Text {
  return { en: change(en), zh: change(zh) };
}

/** What an administrator is told of a failure; `message` is the English. */
export class TextError extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}
