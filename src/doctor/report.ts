import { styleText } from 'node:util';
import { asJsonText, printable, printableLines } from '../printing/index.js';
import type { ExaminationReport } from '../core/plugin-protocol/index.js';
import type { Chapter } from './examine.js';
import type { Result, Status } from './probe.js';
import { type Lang, text } from '../core/texts/index.js';

const SIGNS: Readonly<Record<Status, { readonly sign: string; readonly colour: 'green' | 'red' | 'yellow' | 'gray' }>> =
  {
    ok: { sign: '✓', colour: 'green' },
    failed: { sign: '✗', colour: 'red' },
    attention: { sign: '!', colour: 'yellow' },
    skipped: { sign: '-', colour: 'gray' },
  };

const WORDS = {
  gateway: text('Gateway', '网关'),
  authenticator: text('Authenticator', '认证器'),
  register: text('Redirect URL to register at DingTalk', '需在钉钉登记的重定向 URL'),
  colon: text(': ', '：'),
  well: text(
    'Nothing stands in the way of a sign-in. Now sign in once yourself.',
    '没有发现妨碍登录的问题。请自己登录一次确认。',
  ),
  ill: text('Put the lines with ✗ right, then run this again.', '请先解决标有 ✗ 的项目，然后重新运行。'),
};

/** For people: a line per question, and below it what to do. Only the colours are ours: nothing else moves the cursor. */
export function asReport(chapters: readonly Chapter[], lang: Lang, colours: boolean): string {
  const blocks = chapters.map(({ authenticator, redirectUri, results }) => {
    const heading =
      authenticator === undefined ? WORDS.gateway[lang] : `${WORDS.authenticator[lang]} ${printable(authenticator)}`;
    const callback =
      redirectUri === undefined ? [] : [`${WORDS.register[lang]}${WORDS.colon[lang]}${printable(redirectUri)}`];
    return [heading, ...callback, ...results.flatMap((result) => lines(result, lang, colours))].join('\n');
  });
  return `${[...blocks, isWell(chapters) ? WORDS.well[lang] : WORDS.ill[lang]].join('\n\n')}\n`;
}

function lines({ status, title, detail, fix }: Result, lang: Lang, colours: boolean): string[] {
  const { sign, colour } = SIGNS[status];
  const shown = colours ? styleText(colour, sign) : sign;
  const [first = '', ...more] = printableLines(detail[lang]).split(/\r?\n/);
  return [
    `${shown} ${title[lang]}${WORDS.colon[lang]}${first}`,
    ...more.map((line) => `    ${line}`),
    ...(fix === undefined ? [] : [`    → ${printable(fix[lang])}`]),
  ];
}

/** For machines: `{ok, findings: [{authenticator, id, status, title, detail, fix}]}`; `authenticator` and `fix` may be null. */
export function asJson(chapters: readonly Chapter[], lang: Lang): string {
  return asJsonText(asFindings(chapters, lang));
}

export function asFindings(chapters: readonly Chapter[], lang: Lang): ExaminationReport {
  const findings = chapters.flatMap(({ authenticator = null, results }) =>
    results.map(({ id, status, title, detail, fix }) => ({
      authenticator,
      id,
      status,
      title: title[lang],
      detail: detail[lang],
      fix: fix?.[lang] ?? null,
    })),
  );
  return { ok: isWell(chapters), findings };
}

/** Whether a sign-in could work, and is safe. */
export function isWell(chapters: readonly Chapter[]): boolean {
  return chapters.every(({ results }) => results.every(({ status }) => status !== 'failed'));
}
