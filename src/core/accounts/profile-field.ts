declare const checked: unique symbol;

/** The name of a `users` field that a profile may fill: never one of NocoBase's own. */
export type ProfileField = string & { readonly [checked]: true };

/** What is stored of a person's profile, as text; `phone` in E.164. Never `roles`, never `password`: see the type. */
export type ProfileValues = ReadonlyMap<ProfileField, string>;

/**
 * Identity, permissions and NocoBase's internals: the fields of `users` in NocoBase 2.2.15 and its plugins except
 * nickname, phone and email. Databases may write `resetToken` as `reset_token`, in any case.
 */
const NOCOBASES_OWN: ReadonlySet<string> = new Set(
  [
    'id username password passwordChangeTz resetToken appLang systemSettings sort',
    'createdAt updatedAt deletedAt createdBy updatedBy createdById updatedById',
    'roles rolesUsers authenticators usersAuthenticators',
    'departments departmentsUsers mainDepartment mainDepartmentId',
  ]
    .join(' ')
    .split(' ')
    .map(plain),
);

/**
 * @returns undefined unless `name` starts with a letter, contains only letters, digits and `_`, and is not NocoBase's
 *   own
 */
export function profileField(name: string): ProfileField | undefined {
  return /^[A-Za-z]\w{0,62}$/.test(name) && !isNocoBasesOwn(name) ? (name as ProfileField) : undefined;
}

/** Whether NocoBase itself needs this field of `users`. */
export function isNocoBasesOwn(name: string): boolean {
  return NOCOBASES_OWN.has(plain(name));
}

function plain(name: string): string {
  return name.replace(/_/g, '').toLowerCase();
}
