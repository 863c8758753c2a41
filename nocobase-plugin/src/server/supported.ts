/** Where this plugin runs; chapter 13 of the handbook says which were run and which were read. */
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

/** `refused`: the plugin would fail there. `untested`: it should work, and an upgrade must lock nobody out. */
export interface Verdict {
  readonly kind: 'good' | 'untested' | 'refused';
  readonly why: string;
}

export function verdictOn({ nocobase, node, app }: Surroundings): Verdict {
  const [major, minor] = numbersOf(nocobase);
  const [nodeMajor] = numbersOf(node);
  if (nodeMajor < NODE_MAJOR) {
    return refused(`needs Node.js ${NODE_MAJOR} or newer, and NocoBase runs on Node.js ${node}`);
  }
  if (major !== MAJOR) return refused(`is for NocoBase ${MAJOR}.x, and this is NocoBase ${nocobase}`);
  if (app !== 'main' && minor < FIRST_MINOR_WITH_SUB_APPS) {
    return refused(
      `needs NocoBase ${MAJOR}.${FIRST_MINOR_WITH_SUB_APPS} or newer in a sub-app, and this is NocoBase ${nocobase}`,
    );
  }
  return minor > NEWEST_MINOR
    ? {
        kind: 'untested',
        why: `was tested with NocoBase up to ${MAJOR}.${NEWEST_MINOR}, and this is NocoBase ${nocobase}`,
      }
    : { kind: 'good', why: '' };
}

function refused(why: string): Verdict {
  return { kind: 'refused', why };
}

/** Zero where it says none. */
function numbersOf(version: string): [major: number, minor: number] {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}
