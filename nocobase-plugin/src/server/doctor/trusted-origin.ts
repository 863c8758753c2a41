import type { Context } from '@nocobase/server';

/**
 * Whether NocoBase accepts this origin of a sign-in that arrives in the same way as this request. The same question as
 * `isTrustedOrigin` in `@nocobase/utils` (`cors.ts`, 2.2.15), which versions before 2.2 do not have.
 */
export function isTrustedOrigin(context: Context, origin: string): boolean {
  const protocol = (first(context.get('X-Forwarded-Proto')) || context.protocol).toLowerCase();
  const host = first(context.get('X-Forwarded-Host')) || context.get('Host');
  const allowed = (process.env['CORS_ORIGIN_WHITELIST'] ?? '').split(',').map((one) => one.trim());
  return origin === `${protocol}://${host}` || allowed.includes('*') || allowed.includes(origin);
}

function first(header: string): string {
  return header.split(',')[0]?.trim() ?? '';
}
