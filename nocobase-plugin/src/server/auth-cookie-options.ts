import type { Context, CookieOptions } from '@nocobase/server';

/**
 * How NocoBase 2.2 sets cookies of its own: `getAuthCookieOptions` of `@nocobase/utils`, which 2.0 and 2.1 do not have.
 * Whether people come by TLS is said by the proxy, else by the connection.
 */
export function getAuthCookieOptions(context: Context): CookieOptions {
  const forwarded = context.get('x-forwarded-proto').split(',')[0]?.trim().toLowerCase() ?? '';
  const isSecure = (forwarded || context.protocol) === 'https';
  return {
    httpOnly: true,
    sameSite: 'lax',
    // Koa sets no `secure` cookie on a connection without TLS, and takes a proxy's word under another name.
    secure: isSecure && forwarded === '',
    ...(isSecure && forwarded !== '' ? { secureProxy: true } : {}),
    path: process.env['APP_PUBLIC_PATH']?.replace(/\/+$/, '') || '/',
  };
}
