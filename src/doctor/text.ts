export type Lang = 'en' | 'zh';

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
