import { readFileSync } from 'node:fs';
import { variableNames } from '../core/settings/index.js';
import type { Text } from '../core/texts/index.js';
import type { Environment } from './from-environment.js';
import { NAMES } from './texts.js';

/** What a file of variables, such as `.env`, has added to the environment. */
export interface VariablesFile {
  readonly names: ReadonlySet<string>;
  readonly problems: readonly Text[];
}

export interface Misspelled {
  /** Names within a letter or two of a known one: the gateway would run without the intended setting. One line each. */
  readonly problems: readonly Text[];
  /** Names that belong to no known program. */
  readonly notices: readonly Text[];
}

/** Read by commands, outside of the sections. */
const OF_COMMANDS = ['NOCOBASE_ROOT_ACCOUNT', 'NOCOBASE_ROOT_PASSWORD', 'NO_COLOR'];
const OURS = /^(?:DINGTALK|NOCOBASE|AUTH|AUTHENTICATORS|REDIS)_/i;
/**
 * Names of other programs with such a prefix: NocoBase's packages and development, Kubernetes' variables for Services,
 * and OpenTelemetry.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OTHERS =
  /^(?:NOCOBASE_(?:PKG|APP_DEV|SHOW_DEPRECATED)(?:_|$)|OTEL_|[A-Z0-9_]+_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$)/;
const SERVICE_PORT = /^(?:tcp|udp|sctp):\/\//;
/** Short names may belong to any program: only in our own file are they likely meant for us. */
const COMMON_LENGTH = 8;
/** How many such names are listed. */
const LISTED = 10;

/** Checks names only. @param file the part of the environment from a file that is meant for us */
export function misspelledVariables(environment: Environment, file?: VariablesFile): Misspelled {
  const known = [...variableNames(), ...OF_COMMANDS];
  const referred = namesIn(environment['AUTHENTICATORS_FILE']);
  const strangers = Object.entries(environment).flatMap(([name, value]) => {
    const isSet = value !== undefined && value.trim() !== '';
    const isOthers = OTHERS.test(name) || (name.endsWith('_PORT') && SERVICE_PORT.test(value ?? ''));
    return !isSet || isOthers || known.includes(name) || referred.has(name) ? [] : [name];
  });
  const problems: Text[] = [];
  const notices: Text[] = [];
  const unknownInFile: string[] = [];
  for (const name of strangers.toSorted()) {
    const inFile = file?.names.has(name) ?? false;
    const nearest = nearestOf(name, known);
    if (isMeant(name, nearest, inFile)) {
      problems.push(NAMES.meant(shown(name), nearest.name));
    } else if (known.includes(name.replace(/_FILE$/, '')) && (inFile || OURS.test(name))) {
      problems.push(NAMES.notFromFile(shown(name), name.replace(/_FILE$/, '')));
    } else if (OURS.test(name)) {
      const sibling = nearestOf(
        name,
        known.filter((one) => one.startsWith(beginningOf(name))),
      ).name;
      notices.push(NAMES.unknown(shown(name), sibling));
    } else if (inFile && /^[A-Z][A-Z0-9_]*$/.test(name) && !/^(?:NODE|LC|npm)_|^(?:LANG|TZ)$/.test(name)) {
      unknownInFile.push(name);
    }
  }
  if (unknownInFile.length > 0) {
    const more = unknownInFile.length > LISTED ? ', …' : '';
    notices.push(NAMES.unknownInFile(`${unknownInFile.slice(0, LISTED).join(', ')}${more}`));
  }
  return { problems, notices };
}

interface Nearest {
  readonly name: string;
  readonly distance: number;
}

function isMeant(name: string, { name: known, distance }: Nearest, inFile: boolean): boolean {
  // `MY_PUBLIC_URL`, `S3_PUBLIC_URL`: another program's variable.
  if (!inFile && name.toUpperCase().endsWith(`_${known}`)) return false;
  const length = squashed(known).length;
  if (length > COMMON_LENGTH) return distance <= 2;
  // `PORTS`, `REDIS_URI`: a short name is similar to many.
  return (inFile || OURS.test(name)) && distance <= (length === COMMON_LENGTH ? 2 : 1);
}

/** `trustProxy`, `TRUSTPROXY` and `trust-proxy` differ from `TRUST_PROXY` by no letter. */
function squashed(name: string): string {
  return name.toUpperCase().replaceAll(/[_\s.-]/g, '');
}

const beginningOf = (name: string): string => name.slice(0, name.indexOf('_') + 1).toUpperCase();

function nearestOf(name: string, known: readonly string[]): Nearest {
  const measured = known.map((one) => ({ name: one, distance: distanceOf(squashed(name), squashed(one)) }));
  return measured.reduce((best, one) => (one.distance < best.distance ? one : best));
}

/** Missing, additional, replaced or transposed letters (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const steps = [above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1)];
      row.push(Math.min(...steps, swapped ? before[j - 2]! + 1 : Infinity));
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}

/** Names in the file of authenticators, such as `{ env: DINGTALK_SECRET_2 }`. */
function namesIn(path: string | undefined): ReadonlySet<string> {
  if (path === undefined || path.trim() === '') return new Set();
  try {
    return new Set(readFileSync(path.trim(), 'utf8').match(/\b[A-Za-z]\w+/g));
  } catch {
    // Its own reader reports that.
    return new Set();
  }
}

/** A name may contain anything that a file can. */
function shown(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '?').slice(0, 80);
}
