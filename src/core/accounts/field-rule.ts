import type { FieldState } from './field-state.js';
import { isNocoBasesOwn, type ProfileField, profileField } from './profile-field.js';

/** What a provider may say about a person that can be stored in a field of their user. */
export const ATTRIBUTES = ['name', 'email', 'phone', 'avatarUrl', 'jobNumber', 'title', 'departments'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** Whether later sign-ins change a field: never, only if it is empty, or whenever it differs. */
export const FIELD_POLICIES = ['never', 'fill-empty', 'overwrite'] as const;
export type FieldPolicy = (typeof FIELD_POLICIES)[number];

/** The source of a field of NocoBase's `users`. New users always get it. */
export interface FieldRule {
  readonly field: ProfileField;
  readonly from: Attribute;
  readonly policy: FieldPolicy;
}

/** `<users field>=<attribute>:<policy>`, split but not yet checked. */
interface Item {
  readonly field: string;
  readonly from: string;
  readonly policy: string;
}

/** Fields that other sign-in methods and people rely on. Phone numbers are verified; e-mail addresses are not. */
const ONE_SOURCE: Readonly<Record<string, Attribute>> = { phone: 'phone', email: 'email', nickname: 'name' };

/** What a list of rules must be. A requirement that cannot be checked because an earlier one failed passes. */
const REQUIREMENTS: readonly (readonly [message: string, holds: (items: readonly (Item | undefined)[]) => boolean])[] =
  [
    [
      'must list items like nickname=name:overwrite, separated by commas',
      (items) => items.every((item) => item !== undefined),
    ],
    [`must take its values from: ${ATTRIBUTES.join(', ')}`, every(({ from }) => isAttribute(from))],
    [`must end each item with one of: ${FIELD_POLICIES.join(', ')}`, every(({ policy }) => isPolicy(policy))],
    [
      'must name fields by a letter and then letters, digits and "_"',
      every(({ field }) => isNocoBasesOwn(field) || profileField(field) !== undefined),
    ],
    [
      "must not name fields that are NocoBase's own, such as id, roles or password",
      every(({ field }) => !isNocoBasesOwn(field)),
    ],
    [
      'must fill phone from phone, email from email and nickname from name',
      every(({ field, from }) => fits(field, from)),
    ],
    [
      'must name each field of users only once',
      (items) => new Set(items.map((item) => item?.field.toLowerCase())).size === items.length,
    ],
  ];

/** Attributes that only the organization's record contains, not the person's own profile. */
const OF_THE_RECORD: ReadonlySet<Attribute> = new Set(['jobNumber', 'title', 'departments'] as const);

/** Whether a list of rules needs the organization's record, which is read for `member` only. */
export function lackMemberRecord(list: readonly string[], identity: unknown): boolean {
  if (identity === 'member' || problemWithFields(list) !== undefined) return false;
  return fieldRules(list).some(({ from }) => OF_THE_RECORD.has(from));
}

/** What is wrong with a list of rules, as the end of a sentence; undefined if it is valid. */
export function problemWithFields(list: readonly string[]): string | undefined {
  const items = list.map(readItem);
  return REQUIREMENTS.find(([, holds]) => !holds(items))?.[0];
}

/** Every problem that `problemWithFields` can report. */
export const FIELD_PROBLEMS: readonly string[] = REQUIREMENTS.map(([message]) => message);

/** @throws TypeError if `problemWithFields` finds a problem */
export function fieldRules(list: readonly string[]): readonly FieldRule[] {
  return list.map((text) => {
    const { field, from, policy } = readItem(text) ?? { field: '', from: '', policy: '' };
    const name = profileField(field);
    if (name === undefined || !isAttribute(from) || !isPolicy(policy)) throw new TypeError('not a list of field rules');
    return { field: name, from, policy };
  });
}

/** Whether a policy lets a later sign-in write a field that is in this state compared with the provider's value. */
export function mayWrite(policy: FieldPolicy, state: FieldState): boolean {
  return WRITTEN[policy].includes(state);
}

const WRITTEN: Readonly<Record<FieldPolicy, readonly FieldState[]>> = {
  never: [],
  'fill-empty': ['empty'],
  overwrite: ['empty', 'other'],
};

function readItem(text: string): Item | undefined {
  const [, field, from, policy] = /^([^=:\s]+)=([^=:\s]+):([^=:\s]+)$/.exec(text) ?? [];
  return field === undefined || from === undefined || policy === undefined ? undefined : { field, from, policy };
}

function every(holds: (item: Item) => boolean): (items: readonly (Item | undefined)[]) => boolean {
  return (items) => items.every((item) => item === undefined || holds(item));
}

function isAttribute(name: string): name is Attribute {
  return (ATTRIBUTES as readonly string[]).includes(name);
}

function isPolicy(name: string): name is FieldPolicy {
  return (FIELD_POLICIES as readonly string[]).includes(name);
}

function fits(field: string, from: string): boolean {
  const sources = new Map(Object.entries(ONE_SOURCE));
  const source = sources.get(field.toLowerCase());
  return source === undefined || (source === from && sources.has(field));
}
