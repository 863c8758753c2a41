import type { ExternalIdentity } from './external-identity.js';
import { type Attribute, ATTRIBUTES, type FieldRule } from './field-rule.js';
import { displayName, emailToStore, visibleLine } from './new-user.js';
import { phoneNumber } from './phone-number.js';
import type { ProfileField, ProfileValues } from './profile-field.js';

/** Capacity of a text column of NocoBase. */
const MAX_CHARACTERS = 255;

/** The identity's values for these fields, sanitized. Missing attributes are left out. */
export function profileValues(identity: ExternalIdentity, rules: readonly FieldRule[]): ProfileValues {
  const values = new Map<ProfileField, string>();
  for (const { field, from } of rules) {
    const value = HARMLESS[from](identity);
    if (value !== undefined && value !== '') values.set(field, value);
  }
  return values;
}

/** All storable attributes of an identity, sanitized and short enough for a URL. */
export function storableAttributes(identity: ExternalIdentity): Partial<Record<Attribute, string>> {
  const values = ATTRIBUTES.map((attribute) => [attribute, HARMLESS[attribute](identity)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ''));
}

/** Each attribute as text that is safe in a form, or nothing. */
const HARMLESS: Readonly<Record<Attribute, (identity: ExternalIdentity) => string | undefined>> = {
  name: ({ name }) => displayName(name),
  email: emailToStore,
  phone: ({ phone }) => (phone === undefined ? undefined : phoneNumber(phone)),
  avatarUrl: ({ avatarUrl }) => httpsUrl(avatarUrl ?? ''),
  jobNumber: ({ jobNumber }) => visibleLine(jobNumber ?? '', MAX_CHARACTERS),
  departments: ({ departments }) => visibleLine(departments ?? '', MAX_CHARACTERS),
  title: ({ title }) => visibleLine(title ?? '', MAX_CHARACTERS),
};

/**
 * A picture's address that is safe on a page: https, without credentials. It is never shortened, which would break it.
 */
function httpsUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain && url.href.length <= MAX_CHARACTERS ? url.href : undefined;
}
