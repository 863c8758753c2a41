import type { Text } from '../../../src/core/texts/text.js';
import { SUPPORT } from './texts.js';

/** The versions that this plugin supports; chapter 13 of the handbook says which of them were tested and which only read. */
const MAJOR = 2;
const NEWEST_MINOR = 2;
/** The first with addresses for sub-apps (`/api/__app/NAME/`). */
const FIRST_MINOR_WITH_SUB_APPS = 1;
/** As undici asks for in its `engines`. */
const NODE = '20.18.1';
/** The first with `crypto.hash`, which undici's WebSocket uses, for DingTalk's Stream. */
const OLDEST_NODE = '20.12.0';

/** The first that checks the origin of sign-ins (`assertTrustedSignInOrigin` in `@nocobase/auth`). */
const FIRST_MINOR_WITH_ORIGINS = 2;

export function checksOrigins(nocobase: string): boolean {
  return numbersOf(nocobase)[1] >= FIRST_MINOR_WITH_ORIGINS;
}

export interface Surroundings {
  /** Version of NocoBase. */
  readonly nocobase: string;
  /** Version of Node.js, without `v`. */
  readonly node: string;
  /** The application that loads the plugin: `main`, or a sub-app. */
  readonly app: string;
}

/** `refused`: the plugin would fail there. `untested`: it should work, and an upgrade must not lock anyone out. */
export interface Verdict {
  readonly kind: 'good' | 'untested' | 'refused';
  readonly why: string;
}

export function verdictOn({ nocobase, node, app }: Surroundings): Verdict {
  const [major, minor] = numbersOf(nocobase);
  if (isOlder(node, OLDEST_NODE)) return refused(SUPPORT.needsNode(NODE, node));
  if (major !== MAJOR) return refused(SUPPORT.isForMajor(MAJOR, nocobase));
  if (app !== 'main' && minor < FIRST_MINOR_WITH_SUB_APPS) {
    return refused(SUPPORT.needsForSubApp(`${MAJOR}.${FIRST_MINOR_WITH_SUB_APPS}`, nocobase));
  }
  if (minor > NEWEST_MINOR) return untested(SUPPORT.testedUpTo(`${MAJOR}.${NEWEST_MINOR}`, nocobase));
  return isOlder(node, NODE) ? untested(SUPPORT.needsNode(NODE, node)) : { kind: 'good', why: '' };
}

function untested(why: Text): Verdict {
  return { kind: 'untested', why: why.en };
}

function refused(why: Text): Verdict {
  return { kind: 'refused', why: why.en };
}

function isOlder(version: string, other: string): boolean {
  const [numbers, others] = [numbersOf(version), numbersOf(other)];
  const at = numbers.findIndex((number, part) => number !== others[part]);
  return at !== -1 && (numbers[at] ?? 0) < (others[at] ?? 0);
}

/** Zero for parts that it lacks. */
function numbersOf(version: string): [major: number, minor: number, patch: number] {
  const [, major = '0', minor = '0', patch = '0'] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return [Number(major), Number(minor), Number(patch)];
}
