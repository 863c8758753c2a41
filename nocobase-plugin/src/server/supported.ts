import type { Text } from '../../../src/core/texts/text.js';
import { SUPPORT } from './texts.js';

/** The versions that this plugin supports; chapter 13 of the handbook says which of them were tested and which only read. */
const MAJOR = 2;
const NEWEST_MINOR = 2;
/** The first with addresses for sub-apps (`/api/__app/NAME/`). */
const FIRST_MINOR_WITH_SUB_APPS = 1;
/** `toSorted`, `isWellFormed` and the global `crypto`. */
const NODE_MAJOR = 20;

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
  const [nodeMajor] = numbersOf(node);
  if (nodeMajor < NODE_MAJOR) {
    return refused(SUPPORT.needsNode(NODE_MAJOR, node));
  }
  if (major !== MAJOR) return refused(SUPPORT.isForMajor(MAJOR, nocobase));
  if (app !== 'main' && minor < FIRST_MINOR_WITH_SUB_APPS) {
    return refused(SUPPORT.needsForSubApp(`${MAJOR}.${FIRST_MINOR_WITH_SUB_APPS}`, nocobase));
  }
  return minor > NEWEST_MINOR
    ? { kind: 'untested', why: SUPPORT.testedUpTo(`${MAJOR}.${NEWEST_MINOR}`, nocobase).en }
    : { kind: 'good', why: '' };
}

function refused(why: Text): Verdict {
  return { kind: 'refused', why: why.en };
}

/** Zero for parts that it lacks. */
function numbersOf(version: string): [major: number, minor: number] {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}
