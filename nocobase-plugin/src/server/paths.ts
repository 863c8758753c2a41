/** NocoBase's base path, without a slash at its end. */
export function basePath(): string {
  return `/${process.env['APP_PUBLIC_PATH'] ?? ''}`.replace(/\/+/g, '/').replace(/\/$/, '');
}

/** First part of the v2 client's pages. */
export function modernPrefix(): string {
  return (process.env['APP_MODERN_CLIENT_PREFIX'] ?? '').replace(/^\/+|\/+$/g, '') || 'v';
}

/** A sub-app's pages are at `/apps/<name>/admin` in the v1 client and at `/v/apps/<name>/admin` in v2. */
export function pathInApp(path: string, app: string): string {
  const prefix = `/apps/${app}/`;
  const modern = `/${modernPrefix()}`;
  if (app === 'main' || path.startsWith(prefix) || path.startsWith(`${modern}${prefix}`)) return path;
  return path.startsWith(`${modern}/`)
    ? `${modern}${prefix}${path.slice(modern.length + 1)}`
    : `${prefix}${path.slice(1)}`;
}

/** NocoBase's sign-in page, in the client that the wanted page belongs to. */
export function signInPage(app: string, wanted: unknown, parameters: Readonly<Record<string, string>>): string {
  const modern = `/${modernPrefix()}`;
  const isModern =
    typeof wanted === 'string' && [modern, `${basePath()}${modern}`].some((at) => wanted.startsWith(`${at}/`));
  const path = pathInApp(isModern ? `${modern}/signin` : '/signin', app);
  return `${basePath()}${path}?${new URLSearchParams(parameters).toString()}`;
}
