import { phoneNumber, type ProfileField, type ProfileValues } from '../nocobase-client/index.js';
import type { ExternalIdentity } from './external-identity.js';
import type { Attribute, FieldRule } from './field-rule.js';
import { displayName, emailToStore, visibleLine } from './new-user.js';

/** What a text column of NocoBase holds. */
const MAX_CHARACTERS = 255;

/** What the person's identity says for these fields, made harmless. A field for which it says nothing is left out. */
export function profileValues(identity: ExternalIdentity, rules: readonly FieldRule[]): ProfileValues {
  const values = new Map<ProfileField, string>();
  for (const { field, from } of rules) {
    const value = harmless(identity, from);
    if (value !== undefined && value !== '') values.set(field, value);
  }
  return values;
}

function harmless(identity: ExternalIdentity, attribute: Attribute): string | undefined {
  switch (attribute) {
    case 'name':
      return displayName(identity.name);
    case 'email':
      return emailToStore(identity);
    case 'phone':
      return identity.phone === undefined ? undefined : phoneNumber(identity.phone);
    case 'avatarUrl':
      return httpsUrl(identity.avatarUrl ?? '');
    case 'jobNumber':
    case 'title':
      return visibleLine(identity[attribute] ?? '', MAX_CHARACTERS);
  }
}

/** A picture's address that a page can show: nothing that runs, and nobody's password in it. Cut off it would be useless. */
function httpsUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain && url.href.length <= MAX_CHARACTERS ? url.href : undefined;
}
