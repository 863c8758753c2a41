import type { Context } from '@nocobase/server';

/** Redirects a browser without a page. Koa's own redirect renders one with the address, and the state in it, for every start. */
export function leadTo(context: Context, address: string): void {
  context.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    // A header allows no other characters; what is escaped already stays as it is.
    Location: address.replace(/[^\x21-\x7e]+/g, encodeURIComponent),
  });
  context.status = 302;
  context.body = '';
}
