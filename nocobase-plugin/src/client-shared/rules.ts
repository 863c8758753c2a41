import { isText } from '../../../src/core/browser/index.js';
import { MAX_LENGTH, MAX_PINS, namesRoot } from '../../../src/core/settings/form-rules.js';
import { lackMemberRecord, problemWithFields } from '../../../src/core/accounts/field-rule.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/addresses.js';
import { isAddress, isPrivateHttp, isPublicAddress, isServerAddress } from '../server/addresses.js';
import { type FormOptions, wouldTakeAnybody } from './settings.js';
import type { Text } from './text.js';

/** What is wrong with a value, in the server's words, which has the same rules; undefined where nothing is. */
export type Problem = Text | undefined;

export function problemWithGateway(value: unknown, options: FormOptions): Problem {
  const address = isText(value) ? value.trim() : '';
  if (isPublicAddress(address, options.allowPrivateHttp === true)) return undefined;
  return isPrivateHttp(address) ? 'settings.privateHttp' : 'settings.gatewayUrl';
}

/** Whether the administrator must say that sign-ins may go without TLS. */
export function needsPrivateHttp({ gatewayUrl }: FormOptions): boolean {
  return isText(gatewayUrl) && isPrivateHttp(gatewayUrl.trim());
}

export function problemWithInternalGateway(value: unknown): Problem {
  return isText(value) && isServerAddress(value.trim()) ? undefined : 'settings.gatewayInternalUrl';
}

export function problemWithPins(value: unknown): Problem {
  const pins = texts(value);
  return pins.length <= MAX_PINS && pins.every((pin) => THUMBPRINT.test(pin)) ? undefined : 'settings.gatewayKeys';
}

export function problemWithNocobase(value: unknown): Problem {
  return isText(value) && isAddress(value.trim()) ? undefined : 'settings.nocobaseUrl';
}

export function problemWithClientId(value: unknown): Problem {
  return isText(value) && value.trim().length <= MAX_LENGTH ? undefined : 'settings.clientId';
}

export function problemWithCorpIds(value: unknown): Problem {
  return texts(value).every((corpId) => corpId !== '' && corpId.length <= MAX_LENGTH) ? undefined : 'settings.corpIds';
}

export function problemWithDefaultRoles(value: unknown): Problem {
  return namesRoot(texts(value)) ? 'settings.rootRole' : undefined;
}

export function problemWithAnyOrganization(value: unknown, options: FormOptions): Problem {
  return wouldTakeAnybody(options) && value !== true ? 'settings.anyOrganization' : undefined;
}

export function problemWithUserFields(value: unknown, { identity }: FormOptions): Problem {
  const list = texts(value);
  const problem = problemWithFields(list);
  // The gateway says the end of a sentence that begins with the name of its variable.
  if (problem !== undefined) return `User fields ${problem}` as Text;
  return lackMemberRecord(list, identity) ? 'settings.memberFields' : undefined;
}

/** The server knows what is none of NocoBase's pages. */
export function problemWithReturnPaths(value: unknown): Problem {
  return texts(value).every((path) => /^\/?[^\s/:?#%\\]+(?:\/[^\s/:?#%\\]+)*\/?$/.test(path))
    ? undefined
    : 'settings.returnPaths';
}

/** The server knows all countries. */
export function problemWithRegion(value: unknown): Problem {
  return isText(value) && /^[A-Z]{2}$/.test(value.trim()) ? undefined : 'settings.defaultRegion';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText).map((text) => text.trim()) : [];
}
