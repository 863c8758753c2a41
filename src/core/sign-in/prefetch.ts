/**
 * Browsers mark a request for a page that the person has not opened yet
 * (https://wicg.github.io/nav-speculation/prefetch.html, `Sec-Purpose`). Such a request must not start a sign-in, and
 * above all not use one up.
 */
export function isPrefetch({ headers }: { readonly headers: { readonly [name: string]: unknown } }): boolean {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  return purposes.some((purpose) => typeof purpose === 'string' && /prefetch|preview/i.test(purpose));
}
