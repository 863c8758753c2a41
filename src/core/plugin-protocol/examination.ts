import { z } from 'zod';
import { AUTHENTICATOR_NAME } from '../settings/index.js';

/** Names one press of the button "Test": the gateway answers only to those that the plugin confirms to it. */
export const EXAMINATION_ID = /^[A-Za-z0-9_-]{43}$/;

/** What the plugin posts to the gateway's `auth/dingtalk/:authenticator/doctor`. */
export const examinationRequest = z.strictObject({
  id: z.string().regex(EXAMINATION_ID),
  lang: z.enum(['en', 'zh']),
});

/** What the gateway asks back at `dingtalk:confirmExamination`, with an assertion: did NocoBase's administrator ask this? */
export const examinationQuestion = z.strictObject({
  id: z.string().regex(EXAMINATION_ID),
  authenticator: z.string().regex(AUTHENTICATOR_NAME),
});

/** `data` of the answer: true once for an id, and only for the authenticator that it was made for. */
export const examinationConfirmation = z.object({ confirmed: z.boolean() });

/** What `doctor --json` prints, of one authenticator and of the gateway itself (`authenticator` null). */
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
