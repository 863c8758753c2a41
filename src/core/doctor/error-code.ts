/** Node's code of an error (ECONNREFUSED), else its name; never its message, which may contain an address or more. */
export function errorCode(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
