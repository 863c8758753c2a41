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
 */
export function selfServiceFields(enableEditProfile: unknown, schema: unknown): readonly string[] {
  if (enableEditProfile === false) return [];
  const grid = FIELDS_AT.reduce<unknown>((node, key) => partOf(node, key), schema);
  return [...new Set(fieldsIn(grid))];
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
