import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@nocobase/server';
import { pluginUrl } from '../../../../src/core/plugin-protocol/index.js';
import { placesOf } from '../paths.js';
import { missingSettings, type Settings } from '../settings.js';

/** The parameters of a start that are passed on. */
const KEPT = ['authenticator', 'redirect', 'flow', 'corpId'];

/** Marks a start that was redirected already: behind a proxy that hides the browser's `Host`, it would be redirected for ever. */
const SENT_ON = 'sent-on';

/**
 * The start of the same sign-in at the address that an administrator has saved. A company may use several addresses for one NocoBase,
 * but people return to the saved one only, and a cookie only to the host that set it.
 *
 * @returns undefined if this is that address, the start was redirected already, or no sign-in can start
 */
export function startAtSavedAddress({ app, query, req }: Context, settings: Settings): string | undefined {
  const { nocobaseUrl } = settings;
  if (missingSettings(settings).length > 0 || query[SENT_ON] !== undefined) return undefined;
  if (!isElsewhere(req.headers, nocobaseUrl)) return undefined;
  const kept = KEPT.map((name) => [name, query[name]] as const);
  const texts = kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const search = new URLSearchParams([...texts, [SENT_ON, '1']]).toString();
  return `${pluginUrl(nocobaseUrl, placesOf(app.name), 'start')}?${search}`;
}

/**
 * Whether a browser asked for another address than the saved one, as far as a request tells. These headers can be forged, which only
 * leads the forger to the saved address. Proxies may leave out the port or the protocol: what is missing counts as the same.
 */
export function isElsewhere(headers: IncomingHttpHeaders, nocobaseUrl: string): boolean {
  const saved = new URL(nocobaseUrl);
  const protocol = firstOf(headers['x-forwarded-proto'])?.toLowerCase();
  if ((protocol === 'http' || protocol === 'https') && `${protocol}:` !== saved.protocol) return true;
  const host = firstOf(headers['x-forwarded-host']) ?? headers.host ?? '';
  // Parsed with the saved protocol, so that its default port is left out in both.
  const asked = URL.canParse(`${saved.protocol}//${host}`) ? new URL(`${saved.protocol}//${host}`) : saved;
  return asked.hostname !== saved.hostname || (/:\d+$/.test(host) && asked.port !== saved.port);
}

/** Of several proxies, what the first one says, which the browser spoke to. */
function firstOf(header: string | readonly string[] | undefined): string | undefined {
  const [first = ''] = String(header ?? '').split(',');
  return first.trim() === '' ? undefined : first.trim();
}
