import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
const HANDBOOK = join(ROOT, 'docs', 'handbook');

/** One page of the handbook. */
export interface Page {
  readonly file: string;
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

/** A fenced block; `info` is the text after its first fence, as in `env gateway page`. */
export interface CodeBlock {
  readonly page: string;
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

export function chapterNames(language: string): string[] {
  return readdirSync(join(HANDBOOK, language)).toSorted();
}

/** Every chapter in both languages. */
export function pages(): readonly Page[] {
  return ['en', 'zh'].flatMap((language) =>
    chapterNames(language).map((name) => {
      const file = join(HANDBOOK, language, name);
      return { file, name, language, text: readFileSync(file, 'utf8') };
    }),
  );
}

/** Fences may be indented, inside a list. */
export function codeBlocks({ language, name, text }: Page): readonly CodeBlock[] {
  return [...text.matchAll(/^( *)```(\S[^\n]*)\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indent = '', info = '', body = ''] = match;
    return {
      page: `${language}/${name}`,
      line: text.slice(0, match.index).split('\n').length,
      info,
      text: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}

export function headings({ text }: Pick<Page, 'text'>): readonly { level: number; text: string }[] {
  return [...withoutCode(text).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, signs = '', words = '']) => ({
    level: signs.length,
    text: words,
  }));
}

/** Links within the repository; others are not checked here. */
export function links({ text }: Pick<Page, 'text'>): readonly { target: string }[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** A heading's anchor, as GitHub generates it: lower case, spaces to hyphens, other characters removed. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function withoutCode(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
}
