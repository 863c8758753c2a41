import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ExternalIdentity } from './external-identity.js';
import { type NonEmptyString, nonEmptyString } from './non-empty-string.js';
import type { PhoneNumber } from './phone-number.js';
import type { ProfileValues } from './profile-field.js';
import type { NewUser, Subject } from './user-directory.js';

const NICKNAME_MAX_CHARACTERS = 100;
/** RFC 5321, section 4.5.3.1. */
const emailAddress = z
  .email()
  .max(254)
  .regex(/^.{1,64}@/);
/** Control characters, line separators, and characters that change text direction or are invisible. */
// eslint-disable-next-line no-control-regex -- they are what is removed
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;

/** What is stored for a new user: an allow-list of sanitized values. */
export function newUser(
  identity: ExternalIdentity,
  phone: PhoneNumber | undefined,
  options: {
    provider: string;
    emailTaken: boolean;
    roles: readonly string[];
    attempt: number;
    /** What the operator's rules store in addition to nickname, phone number and e-mail address. */
    profile?: ProfileValues;
  },
): NewUser {
  const subject = nonEmptyString(identity.subject);
  const username = usernameFor(options.provider, subject, options.attempt);
  const email = emailToStore(identity);
  return {
    subject,
    nickname: displayName(identity.name) || username,
    username,
    ...(phone === undefined ? {} : { phone }),
    ...(identity.organization === undefined ? {} : { organization: identity.organization }),
    ...(email === undefined || options.emailTaken ? {} : { email }),
    roles: options.roles,
    ...(options.profile === undefined || options.profile.size === 0 ? {} : { profile: options.profile }),
  };
}

/** The person's name as one line of visible text; empty if nothing visible is left. */
export function displayName(name: string): string {
  return visibleLine(name, NICKNAME_MAX_CHARACTERS);
}

/** One line of visible text, never cut within a character; empty if nothing visible is left. */
export function visibleLine(text: string, maxCharacters: number): string {
  const line = text.normalize('NFC').replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
  return Array.from(line).slice(0, maxCharacters).join('').trim();
}

/** @returns undefined if the address is invalid */
export function emailToStore(identity: ExternalIdentity): string | undefined {
  return emailAddress.safeParse(identity.email?.trim()).data;
}

/**
 * A username that depends only on the person's identity. It meets NocoBase's rule (1 to 50 characters, none of
 * `@.<>"'/`) whatever the nickname is. NocoBase's unique index on usernames keeps two simultaneous first sign-ins, at
 * any number of replicas, from creating two users for one person: `usersAuthenticators.uuid` is not unique.
 *
 * @param attempt incremented while another user has the name
 */
export function usernameFor(provider: string, subject: Subject, attempt = 0): NonEmptyString {
  const digest = createHash('sha256').update(`${provider}\0${subject}`).digest('hex').slice(0, 20);
  return nonEmptyString(
    `${provider.replace(/[^\w-]/g, '').slice(0, 20)}_${digest}${attempt === 0 ? '' : `_${attempt + 1}`}`,
  );
}
