import { isRecord, isText } from '../../../src/core/browser/index.js';
import { registersAnybody } from '../../../src/core/settings/form-rules.js';
import { type SignInBy, wayOf, WAYS } from '../server/sign-in-by.js';

/** The options of an authenticator as the form contains them. They may be incomplete or invalid. */
export interface FormOptions {
  readonly signInBy?: unknown;
  readonly gatewayUrl?: unknown;
  readonly allowPrivateHttp?: unknown;
  readonly gatewayInternalUrl?: unknown;
  readonly gatewayKeys?: unknown;
  readonly nocobaseUrl?: unknown;
  readonly clientSecret?: unknown;
  readonly corpIds?: unknown;
  readonly autoSignUp?: unknown;
  readonly allowAnyOrganization?: unknown;
  readonly identity?: unknown;
  readonly leavers?: unknown;
  readonly events?: unknown;
  /** The server sends this instead of the secret. */
  readonly hasClientSecret?: unknown;
}

export function formOptions(value: unknown): FormOptions {
  return isRecord(value) ? value : {};
}

/** The value at a path below `options`. */
export function valueAt(options: FormOptions, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), options);
}

/** Which side signs people in, with the default if nothing was chosen. */
export function signInByOf({ signInBy, gatewayUrl }: FormOptions): SignInBy {
  const chosen = WAYS.find((way) => way === signInBy);
  return chosen ?? wayOf({ gatewayUrl: isText(gatewayUrl) ? gatewayUrl.trim() : '' });
}

export function namesOrganizations(options: FormOptions): boolean {
  return organizationsIn(options).length > 0;
}

export function organizationsIn({ corpIds }: FormOptions): readonly unknown[] {
  return Array.isArray(corpIds) ? corpIds.filter((corpId) => isText(corpId) && corpId.trim() !== '') : [];
}

/** Whether anyone at DingTalk could become a user here, so that the administrator has to confirm that this is intended. */
export function wouldTakeAnybody(options: FormOptions): boolean {
  return registersAnybody({ autoSignUp: options.autoSignUp === true, corpIds: organizationsIn(options) });
}

/** Also true for settings saved by older versions, which did not have this one. */
export function watchesLeavers({ leavers }: FormOptions): boolean {
  return leavers !== 'off';
}

export function hearsByPush(options: FormOptions): boolean {
  return watchesLeavers(options) && options.events === 'push';
}

/** The addresses of the gateway that receives the secret; empty if NocoBase keeps it for itself. */
export function gatewayOf(options: FormOptions): string | undefined {
  if (signInByOf(options) !== 'gateway') return undefined;
  const { gatewayUrl, gatewayInternalUrl } = options;
  const plain = (url: unknown): string => (isText(url) ? url.trim().replace(/\/+$/, '') : '');
  return `${plain(gatewayUrl)} ${plain(gatewayInternalUrl)}`;
}
