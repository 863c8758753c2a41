/**
 * What became of a person, or would:
 *
 * - `linked`: has a link of this authenticator now
 * - `already`: had one before, whoever it names
 * - `protected`: an administrator's account
 * - `gone`: NocoBase has no such user any more
 * - `conflict`: two accounts claim one person, or two persons one account
 * - `unknown`: nobody at DingTalk has this id
 * - `outOfScope`: somebody whom DingTalk does not show to the application
 * - `number`: a mobile number, which DingTalk is not asked for: it decides at a sign-in
 */
export const OUTCOMES = [
  'linked',
  'already',
  'protected',
  'gone',
  'conflict',
  'unknown',
  'outOfScope',
  'number',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
