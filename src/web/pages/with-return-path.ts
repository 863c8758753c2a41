import type { ReturnPath } from '../../core/return-path/index.js';

/** The address of a sign-in that ends at this path of NocoBase, or at the default one. */
export function withReturnPath(startUrl: string, returnPath: ReturnPath | undefined): string {
  return returnPath === undefined
    ? startUrl
    : `${startUrl}?${new URLSearchParams({ redirect: returnPath }).toString()}`;
}
