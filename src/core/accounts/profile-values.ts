import type { ExternalIdentity } from './external-identity.js';
import { type Attribute, ATTRIBUTES, type FieldRule } from './field-rule.js';
import { displayName, emailToStore, visibleLine } from './new-user.js';
import { phoneNumber } from './phone-number.js';
import type { ProfileField, ProfileValues } from './profile-field.js';

/** What a text column of NocoBase holds. */
const MAX_CHARACTERS = 255;

/** What the person's identity says for these fields, made harmless. A field for which it says nothing is left out. */
export function profileValues(identity: ExternalIdentity, rules: readonly FieldRule[]): ProfileValues {
  const values = new Map<ProfileField, string>();
  for (const { field, from } of rules) {
    const value = HARMLESS[from](identity);
    if (value !== undefined && value !== '') values.set(field, value);
  }
  return values;
}

/** Everything of an identity that could be stored, made harmless: short enough for an address, too. */
export function storableAttributes(identity: ExternalIdentity): Partial<Record<Attribute, string>> {
  const values = ATTRIBUTES.map((attribute) => [attribute, HARMLESS[attribute](identity)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ''));
}

/** Each attribute as text that may stand in a form, or nothing. */
const HARMLESS: Readonly<Record<Attribute, (identity: ExternalIdentity) => string | undefined>> = {
  name: ({ name }) => displayName(name),
  email: emailToStore,
  phone: ({ phone }) => (phone === undefined ? undefined : phoneNumber(phone)),
  avatarUrl: ({ avatarUrl }) => httpsUrl(avatarUrl ?? ''),
  jobNumber: ({ jobNumber }) => visibleLine(jobNumber ?? '', MAX_CHARACTERS),
  departments: ({ departments }) => visibleLine(departments ?? '', MAX_CHARACTERS),
  title: ({ title }) => visibleLine(title ?? '', MAX_CHARACTERS),
};

/** A picture's address that a page can show: nothing that runs, and nobody's password in it. Cut off it would be useless. */
function httpsUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain && url.href.length <= MAX_CHARACTERS ? url.href : undefined;
}
