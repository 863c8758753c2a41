/** Whether an insert failed because a unique value is taken. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && error.name === 'SequelizeUniqueConstraintError';
}

/** Which of `fields` is taken; `unknown` if the database does not say. */
export function takenField(error: unknown, fields: readonly string[]): string {
  const named: unknown = (error as { fields?: unknown }).fields;
  const columns = Array.isArray(named) ? named.map(String) : Object.keys(named ?? {});
  return (
    fields.find((field) => columns.some((column) => new RegExp(`(?:^|[._])${field}(?:$|[._])`, 'i').test(column))) ??
    'unknown'
  );
}

/** Whether the database refused a row for another reason, such as a character that its table cannot store. */
export function isRefusedRow(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('Sequelize') && !isTaken(error);
}
