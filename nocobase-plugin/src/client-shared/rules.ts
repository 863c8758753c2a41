import { isText } from '../../../src/core/browser/index.js';
import {
  codePattern,
  isCorpId,
  isListItem,
  MAX_LENGTH,
  MAX_PINS,
  MAX_REQUESTS_PER_MINUTE,
  namesRoot,
} from '../../../src/core/settings/form-rules.js';
import { lackMemberRecord, problemWithFields } from '../../../src/core/accounts/field-rule.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/addresses.js';
import { isAddress, isPrivateHttp, isPublicAddress, isServerAddress } from '../server/addresses.js';
import { type FormOptions, organizationsIn, signInByOf, wouldTakeAnybody } from './settings.js';
import type { Text } from './text.js';

/** What is wrong with a value, in the words of the server, which applies the same rules; undefined if nothing is. */
export type Problem = Text | undefined;

export function problemWithGateway(value: unknown, options: FormOptions): Problem {
  const address = isText(value) ? value.trim() : '';
  if (isPublicAddress(address, options.allowPrivateHttp === true)) return undefined;
  return isPrivateHttp(address) ? 'settings.privateHttp' : 'settings.gatewayUrl';
}

/** Whether the administrator has to allow sign-ins without TLS: DingTalk's codes arrive at this address. */
export function needsPrivateHttp(options: FormOptions): boolean {
  const address = signInByOf(options) === 'gateway' ? options.gatewayUrl : options.nocobaseUrl;
  return isText(address) && isPrivateHttp(address.trim());
}

/** For a gateway's address the message appears there; NocoBase's own address is folded away. */
export function problemWithPrivateHttp(value: unknown, options: FormOptions): Problem {
  const isAsked = signInByOf(options) === 'nocobase' && needsPrivateHttp(options);
  return isAsked && value !== true ? 'settings.privateHttp' : undefined;
}

export function problemWithInternalGateway(value: unknown): Problem {
  return isText(value) && isServerAddress(value.trim()) ? undefined : 'settings.gatewayInternalUrl';
}

export function problemWithPins(value: unknown): Problem {
  const pins = texts(value);
  return pins.length <= MAX_PINS && pins.every((pin) => THUMBPRINT.test(pin)) ? undefined : 'settings.gatewayKeys';
}

export function problemWithNocobase(value: unknown, options: FormOptions): Problem {
  const address = isText(value) ? value.trim() : '';
  if (!isAddress(address)) return 'settings.nocobaseUrl';
  return signInByOf(options) === 'gateway' || isPublicAddress(address, true) ? undefined : 'settings.nocobaseHttp';
}

export function problemWithClientId(value: unknown): Problem {
  return isText(value) && value.trim().length <= MAX_LENGTH ? undefined : 'settings.clientId';
}

export function problemWithCorpIds(value: unknown): Problem {
  return texts(value).every(isCorpId) ? undefined : 'settings.corpIds';
}

export function problemWithExclusiveLogin(value: unknown, options: FormOptions): Problem {
  return value === true && organizationsIn(options).length !== 1 ? 'settings.exclusiveLogin' : undefined;
}

/** Checks only the shape: the server decides what a valid address is. */
export function problemWithTrustedProxies(value: unknown): Problem {
  return texts(value).every((range) =>
    /^(?:loopback|linklocal|uniquelocal|[\da-fA-F:.]{2,45}(?:\/\d{1,3})?)$/.test(range),
  )
    ? undefined
    : 'settings.trustedProxies';
}

export function problemWithRequestsPerMinute(value: unknown): Problem {
  const isGood = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_REQUESTS_PER_MINUTE;
  return isGood ? undefined : 'settings.requestsPerMinute';
}

export function problemWithCodePattern(value: unknown): Problem {
  return isText(value) && codePattern(value.trim()) !== undefined ? undefined : 'settings.codePattern';
}

export function problemWithDefaultRoles(value: unknown): Problem {
  const roles = texts(value);
  if (!roles.every(isListItem)) return 'settings.defaultRoles';
  return namesRoot(roles) ? 'settings.rootRole' : undefined;
}

export function problemWithProtectedRoles(value: unknown): Problem {
  return texts(value).every(isListItem) ? undefined : 'settings.protectedRoles';
}

export function problemWithAnyOrganization(value: unknown, options: FormOptions): Problem {
  return wouldTakeAnybody(options) && value !== true ? 'settings.anyOrganization' : undefined;
}

export function problemWithUserFields(value: unknown, { identity }: FormOptions): Problem {
  const list = texts(value);
  const problem = problemWithFields(list);
  // The gateway supplies the end of a sentence that begins with the name of its variable.
  if (problem !== undefined) return `User fields ${problem}` as Text;
  return lackMemberRecord(list, identity) ? 'settings.memberFields' : undefined;
}

/** The server knows which paths are not pages of NocoBase. */
export function problemWithReturnPaths(value: unknown): Problem {
  const isPath = (path: string): boolean => /^\/?[^\s/:?#%\\]+(?:\/[^\s/:?#%\\]+)*\/?$/.test(path);
  return texts(value).every((path) => isListItem(path) && isPath(path)) ? undefined : 'settings.returnPaths';
}

/** The server knows every country. */
export function problemWithRegion(value: unknown): Problem {
  return isText(value) && /^[A-Z]{2}$/.test(value.trim()) ? undefined : 'settings.defaultRegion';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText).map((text) => text.trim()) : [];
}
