/** The form in which people edit their own profile, as a row of NocoBase's `uiSchemas`. */
export const PROFILE_FORM = 'nocobase-user-profile-edit-form';

/** Where the fields stand in it; each may lie deeper, in rows and columns. */
const FIELDS_AT = ['properties', 'form', 'properties', 'edit', 'properties', 'grid', 'properties'];

/**
 * The fields of `users` that people may write in their own row, as NocoBase itself reads them from the form
 * (`users:updateProfile` in `@nocobase/plugin-users` 2.2.15, `parseProfileFormSchema`): what is neither for layout only,
 * nor shown for reading, nor disabled. What an administrator hides is still written.
 *
 * @param enableEditProfile of NocoBase's `systemSettings`; only `false` switches the form off
 * @param schema what `uiSchemas:getJsonSchema` says of `PROFILE_FORM`
 * @param authenticators that are enabled, as `authenticators:publicList` says them or as their rows are: whoever signs up
 * fills in a form, too
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

/** `BasicAuth.signUp` in `@nocobase/plugin-auth` 2.2.15 stores the fields of this form that are shown, unverified. */
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

// As old browsers read it: NocoBase's form asks this too (nocobase-plugin/tsconfig.clients.json).
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
