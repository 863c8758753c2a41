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

/**
 * NocoBase's sign-in page, of the client that the path belongs to.
 *
 * @param returnPath where the person wanted to go, if it is known
 */
export function signInPage(
  app: string,
  returnPath: string | undefined,
  parameters: Readonly<Record<string, string>>,
): string {
  const isModern = returnPath?.startsWith(`/${modernPrefix()}/`) ?? false;
  const path = pathInApp(isModern ? `/${modernPrefix()}/signin` : '/signin', app);
  const query = new URLSearchParams({ ...parameters, ...(returnPath === undefined ? {} : { redirect: returnPath }) });
  return `${basePath()}${path}?${query.toString()}`;
}
