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

function fieldsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, part]) => {
    if (typeof part !== 'object' || part === null) return [];
    const type = partOf(part, 'type');
    const isField = typeof type === 'string' && type !== '' && type !== 'void';
    const isWritten = isField && !partOf(part, 'x-read-pretty') && !partOf(part, 'x-disabled');
    return [...(isWritten ? [name] : []), ...fieldsIn(partOf(part, 'properties') ?? part)];
  });
}

function partOf(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
}
