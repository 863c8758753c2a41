import { isText } from '../../../client/foreign.js';
import { fieldRules, problemWithFields } from '../../../src/accounts/field-rule.js';
import { type FormOptions, wouldTakeAnybody } from './settings.js';
import type { Text } from './text.js';

/** What is wrong with a value, said to the administrator; undefined where nothing is. The server has the same rules. */
export type Problem = Text | undefined;

export function problemWithAddress(value: unknown, { httpsUnlessLoopback = false } = {}): Problem {
  const url = parse(value);
  if (url === undefined) return 'Please enter an http(s) address without user, query or fragment';
  const isLoopback = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
  return httpsUnlessLoopback && url.protocol !== 'https:' && !isLoopback
    ? 'Please start it with https:// (http:// only for localhost)'
    : undefined;
}

export function problemWithClientId(value: unknown): Problem {
  return isText(value) && /^\S{1,255}$/.test(value.trim()) ? undefined : 'Please enter it as the console shows it';
}

export function problemWithCorpIds(value: unknown): Problem {
  return texts(value).every((corpId) => /^\S{1,255}$/.test(corpId))
    ? undefined
    : 'Please enter it as the console shows it';
}

export function problemWithAnyOrganization(value: unknown, options: FormOptions): Problem {
  return wouldTakeAnybody(options) && value !== true
    ? 'Please name an organization, or allow people of any organization'
    : undefined;
}

export function problemWithUserFields(value: unknown, { identity }: FormOptions): Problem {
  const list = texts(value);
  const problem = problemWithFields(list);
  // The gateway says the end of a sentence that begins with the name of its variable.
  if (problem !== undefined) return `User fields ${problem}` as Text;
  const ofMembers = ['jobNumber', 'title', 'departments'];
  return identity !== 'member' && fieldRules(list).some(({ from }) => ofMembers.includes(from))
    ? "jobNumber, title and departments come from the organization's record only"
    : undefined;
}

export function problemWithRegion(value: unknown): Problem {
  return isText(value) && /^[A-Z]{2}$/.test(value.trim())
    ? undefined
    : 'Please enter the two capital letters of a country (ISO 3166), such as CN';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText).map((text) => text.trim()) : [];
}

function parse(value: unknown): URL | undefined {
  if (!isText(value) || /[\s\\]/.test(value.trim())) return undefined;
  try {
    const url = new URL(value.trim());
    const isPlain = !url.username && !url.password && !url.search && !url.hash;
    return isPlain && /^https?:\/\//i.test(value.trim()) ? url : undefined;
  } catch {
    return undefined;
  }
}
