import { isRecord, isText } from '../../../src/core/browser/index.js';
import { registersAnybody } from '../../../src/core/settings/form-rules.js';

/** The options of an authenticator as they stand in the form. Nothing of it is known to be filled in, or to be right. */
export interface FormOptions {
  readonly gatewayUrl?: unknown;
  readonly allowPrivateHttp?: unknown;
  readonly gatewayInternalUrl?: unknown;
  readonly gatewayKeys?: unknown;
  readonly clientSecret?: unknown;
  readonly corpIds?: unknown;
  readonly autoSignUp?: unknown;
  readonly allowAnyOrganization?: unknown;
  readonly identity?: unknown;
  /** Said by the server instead of the secret. */
  readonly hasClientSecret?: unknown;
}

export function formOptions(value: unknown): FormOptions {
  return isRecord(value) ? value : {};
}

export function namesOrganizations(options: FormOptions): boolean {
  return organizationsIn(options).length > 0;
}

function organizationsIn({ corpIds }: FormOptions): readonly unknown[] {
  return Array.isArray(corpIds) ? corpIds.filter((corpId) => isText(corpId) && corpId.trim() !== '') : [];
}

/** Whether anybody at DingTalk could become a user here, so that the administrator must say that this is wanted. */
export function wouldTakeAnybody(options: FormOptions): boolean {
  return registersAnybody({ autoSignUp: options.autoSignUp === true, corpIds: organizationsIn(options) });
}

/** The addresses of the gateway. When one of them changes, the server forgets the secret that it would send there. */
export function gatewayOf({ gatewayUrl, gatewayInternalUrl }: FormOptions): string {
  const plain = (url: unknown): string => (isText(url) ? url.trim().replace(/\/+$/, '') : '');
  return `${plain(gatewayUrl)} ${plain(gatewayInternalUrl)}`;
}
