import { styleText } from 'node:util';
import { asFindings, isWell, type ReportSection, type Result, type Status } from '../core/doctor/index.js';
import { asJsonText, printable, printableLines } from '../printing/index.js';
import type { Lang } from '../core/texts/index.js';
import { REPORT } from './texts/report.js';

/** In its printed form. */
export interface PrintedSection extends ReportSection {
  /** To be registered at DingTalk; undefined for the gateway as a whole. */
  readonly redirectUri: string | undefined;
}

const SIGNS: Readonly<Record<Status, { readonly sign: string; readonly colour: 'green' | 'red' | 'yellow' | 'gray' }>> =
  {
    ok: { sign: '✓', colour: 'green' },
    failed: { sign: '✗', colour: 'red' },
    attention: { sign: '!', colour: 'yellow' },
    skipped: { sign: '-', colour: 'gray' },
  };

/**
 * For people: a line for each probe, followed by what to do. Only our colours control the terminal: all other text is
 * escaped.
 */
export function asReport(sections: readonly PrintedSection[], lang: Lang, colours: boolean): string {
  const blocks = sections.map(({ authenticator, redirectUri, results }) => {
    const heading =
      authenticator === undefined ? REPORT.gateway[lang] : `${REPORT.authenticator[lang]} ${printable(authenticator)}`;
    const callback =
      redirectUri === undefined ? [] : [`${REPORT.register[lang]}${REPORT.colon[lang]}${printable(redirectUri)}`];
    return [heading, ...callback, ...results.flatMap((result) => lines(result, lang, colours))].join('\n');
  });
  return `${[...blocks, isWell(sections) ? REPORT.well[lang] : REPORT.ill[lang]].join('\n\n')}\n`;
}

function lines({ status, title, detail, fix }: Result, lang: Lang, colours: boolean): string[] {
  const { sign, colour } = SIGNS[status];
  const shown = colours ? styleText(colour, sign) : sign;
  const [first = '', ...more] = printableLines(detail[lang]).split(/\r?\n/);
  return [
    `${shown} ${title[lang]}${REPORT.colon[lang]}${first}`,
    ...more.map((line) => `    ${line}`),
    ...(fix === undefined ? [] : [`    → ${printable(fix[lang])}`]),
  ];
}

/** For machines: `{ok, findings: [{authenticator, id, status, title, detail, fix}]}`; `authenticator` and `fix` may be null. */
export function asJson(sections: readonly ReportSection[], lang: Lang): string {
  return asJsonText(asFindings(sections, lang));
}
