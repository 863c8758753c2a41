import type { ExaminationReport } from '../plugin-protocol/index.js';
import type { Lang } from '../texts/index.js';
import type { Result } from './probe.js';

/** Findings about an authenticator, or about the program that serves several. */
export interface ReportSection {
  /** undefined: the gateway as a whole. */
  readonly authenticator: string | undefined;
  readonly results: readonly Result[];
}

/** In one language, for machines and for NocoBase's form. */
export function asFindings(sections: readonly ReportSection[], lang: Lang): ExaminationReport {
  const findings = sections.flatMap(({ authenticator = null, results }) =>
    results.map(({ id, status, title, detail, fix }) => ({
      authenticator,
      id,
      status,
      title: title[lang],
      detail: detail[lang],
      fix: fix?.[lang] ?? null,
    })),
  );
  return { ok: isWell(sections), findings };
}

/** Whether sign-ins can work, and are safe. */
export function isWell(sections: readonly ReportSection[]): boolean {
  return sections.every(({ results }) => results.every(({ status }) => status !== 'failed'));
}
