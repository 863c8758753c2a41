import { z } from 'zod';
import { AUTHENTICATOR_NAME } from '../settings/index.js';

/** Identifies one click on *Test*: the gateway responds only to those that the plugin confirms. */
export const EXAMINATION_ID = /^[A-Za-z0-9_-]{43}$/;

/** What the plugin posts to the gateway's `auth/dingtalk/:authenticator/doctor`. */
export const examinationRequest = z.strictObject({
  id: z.string().regex(EXAMINATION_ID),
  lang: z.enum(['en', 'zh']),
});

/**
 * The gateway's query to `dingtalk:confirmExamination`, with an assertion: did NocoBase's administrator request this?
 */
export const examinationQuestion = z.strictObject({
  id: z.string().regex(EXAMINATION_ID),
  authenticator: z.string().regex(AUTHENTICATOR_NAME),
});

/** `data` of the response: true once for an id, and only for the authenticator it was issued for. */
export const examinationConfirmation = z.object({ confirmed: z.boolean() });

/** The output of `doctor --json` for one authenticator and for the gateway itself (`authenticator` null). */
export const examinationReport = z.object({
  ok: z.boolean().describe('Nothing prevents a sign-in.'),
  findings: z
    .array(
      z.object({
        authenticator: z.string().nullable(),
        id: z.string().describe('Stable.'),
        status: z.enum(['ok', 'failed', 'attention', 'skipped']),
        title: z.string(),
        detail: z.string(),
        fix: z.string().nullable(),
      }),
    )
    .max(200),
});

export type ExaminationQuestion = z.output<typeof examinationQuestion>;
export type ExaminationRequest = z.output<typeof examinationRequest>;
export type ExaminationReport = z.output<typeof examinationReport>;
