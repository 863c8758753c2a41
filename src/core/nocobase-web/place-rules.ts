import { apiPath, modernPrefix } from './places.js';

/** NocoBase compares the beginning of a path with it, including the slashes. */
export function isApiBasePath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200 && /^(?:\/[\w~-][\w.~-]*)+\/?$/.test(value);
}

/** One segment, with or without slashes around it: neither NocoBase's API nor the path of sub-apps. */
export function isModernPrefix(value: unknown, apiBasePath: string | undefined): value is string {
  if (typeof value !== 'string' || !/^\/?[\w~-][\w.~-]{0,63}\/?$/.test(value)) return false;
  const prefix = modernPrefix({ modernPrefix: value });
  return prefix !== 'apps' && !apiPath({ apiBasePath }).startsWith(`/${prefix}/`);
}

/** NocoBase writes it into its page unescaped. */
export function isStoragePrefix(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:~-]{1,64}$/.test(value);
}
