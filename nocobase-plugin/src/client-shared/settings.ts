import { isRecord, isText } from '../../../src/core/browser/index.js';
import { registersAnybody } from '../../../src/core/settings/form-rules.js';
import { type SignInBy, wayOf, WAYS } from '../server/sign-in-by.js';

/** The options of an authenticator as they stand in the form. Nothing of it is known to be filled in, or to be right. */
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
  /** Said by the server instead of the secret. */
  readonly hasClientSecret?: unknown;
}

export function formOptions(value: unknown): FormOptions {
  return isRecord(value) ? value : {};
}

/** What stands at a path below `options`. */
export function valueAt(options: FormOptions, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), options);
}

/** Who signs people in, also where nobody has chosen yet. */
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

/** Whether anybody at DingTalk could become a user here, so that the administrator must say that this is wanted. */
export function wouldTakeAnybody(options: FormOptions): boolean {
  return registersAnybody({ autoSignUp: options.autoSignUp === true, corpIds: organizationsIn(options) });
}

/** Of what older versions saved, too: they said nothing of it. */
export function watchesLeavers({ leavers }: FormOptions): boolean {
  return leavers !== 'off';
}

export function hearsByPush(options: FormOptions): boolean {
  return watchesLeavers(options) && options.events === 'push';
}

/** The addresses of the gateway that gets the secret; none where NocoBase keeps it for itself. */
export function gatewayOf(options: FormOptions): string | undefined {
  if (signInByOf(options) !== 'gateway') return undefined;
  const { gatewayUrl, gatewayInternalUrl } = options;
  const plain = (url: unknown): string => (isText(url) ? url.trim().replace(/\/+$/, '') : '');
  return `${plain(gatewayUrl)} ${plain(gatewayInternalUrl)}`;
}
