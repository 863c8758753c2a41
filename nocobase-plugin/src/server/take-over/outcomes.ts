/**
 * The result for a person, or the expected one:
 *
 * - `linked`: now bound at this authenticator
 * - `already`: was bound before, to whatever identity
 * - `protected`: an administrator's account
 * - `gone`: NocoBase no longer has this user
 * - `conflict`: two accounts claim one person, or two people one account
 * - `unknown`: nobody at DingTalk has this id
 * - `outOfScope`: a person whom DingTalk does not show to the application
 * - `number`: a phone number, for which DingTalk is not queried: it is matched at a sign-in
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
