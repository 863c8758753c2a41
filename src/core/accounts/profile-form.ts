/** The form in which people edit their own profile, as a record of NocoBase's `uiSchemas`. */
export const PROFILE_FORM = 'nocobase-user-profile-edit-form';

/** The path to the form's fields; each may be nested deeper, in rows and columns. */
const FIELDS_AT = ['properties', 'form', 'properties', 'edit', 'properties', 'grid', 'properties'];

/**
 * The fields of `users` that people may edit in their own record, as NocoBase itself reads them from the form
 * (`users:updateProfile` in `@nocobase/plugin-users` 2.2.15, `parseProfileFormSchema`): all except layout, read-only
 * and disabled fields. Fields hidden by an administrator are still written.
 *
 * @param enableEditProfile of NocoBase's `systemSettings`; only `false` switches the form off
 * @param schema what `uiSchemas:getJsonSchema` returns for `PROFILE_FORM`
 * @param authenticators enabled ones, from `authenticators:publicList` or as records: a sign-up form lets people set
 *   fields, too
 */
export function selfServiceFields(
  enableEditProfile: unknown,
  schema: unknown,
  authenticators: unknown = [],
): readonly string[] {
  const grid = FIELDS_AT.reduce<unknown>((node, key) => partOf(node, key), schema);
  const inProfile = enableEditProfile === false ? [] : fieldsIn(grid);
  return [...new Set([...inProfile, ...signUpFields(authenticators)])];
}

/** `BasicAuth.signUp` in `@nocobase/plugin-auth` 2.2.15 stores this form's visible fields, unverified. */
function signUpFields(authenticators: unknown): string[] {
  const found: string[] = [];
  for (const authenticator of Array.isArray(authenticators) ? authenticators : []) {
    const options = partOf(authenticator, 'options');
    const shown = partOf(options, 'public') ?? options;
    const form = partOf(shown, 'signupForm');
    if (!partOf(shown, 'allowSignUp') || !Array.isArray(form)) continue;
    for (const item of form) {
      const field = partOf(item, 'field');
      if (typeof field === 'string' && partOf(item, 'show')) found.push(field);
    }
  }
  return found;
}

// Syntax for old browsers: NocoBase's form uses this too (nocobase-plugin/tsconfig.clients.json).
function fieldsIn(node: unknown): string[] {
  const found: string[] = [];
  if (!isObject(node)) return found;
  for (const [name, part] of Object.entries(node)) {
    if (!isObject(part)) continue;
    const type = partOf(part, 'type');
    const isField = typeof type === 'string' && type !== '' && type !== 'void';
    if (isField && !partOf(part, 'x-read-pretty') && !partOf(part, 'x-disabled')) found.push(name);
    found.push(...fieldsIn(partOf(part, 'properties') ?? part));
  }
  return found;
}

function partOf(node: unknown, key: string): unknown {
  return isObject(node) && Object.prototype.hasOwnProperty.call(node, key) ? Reflect.get(node, key) : undefined;
}

function isObject(node: unknown): node is object {
  return typeof node === 'object' && node !== null;
}
