import {
  canBeReturnPath,
  pathChecker,
  type ReturnPath,
  returnPathPattern,
  type ReturnPathRules,
} from '../../../src/core/return-path/index.js';
import { DEFAULT_MODERN_PREFIX, homePage, modernPrefix } from '../../../src/core/nocobase-web/index.js';
import { basePath, placesOf } from './paths.js';

/** The settings of an authenticator that the rule depends on. */
interface Places {
  readonly gatewayUrl: string;
  readonly nocobaseUrl: string;
  readonly returnPaths: readonly string[];
}

const ANYWHERE: Places = { gatewayUrl: '', nocobaseUrl: '', returnPaths: [] };

/**
 * The gateway's own rule (`src/core/return-path`), for this application of this NocoBase, which knows best where its API is. It
 * applies to what is sent to the gateway and to what a ticket brings back: a gateway cannot extend it.
 *
 * @param app the name in the paths of pages: `main` also for a sub-app on a domain of its own
 */
export function returnPathOf(wanted: unknown, settings: Places, app: string): ReturnPath | undefined {
  return checkerOf(settings, app)(wanted);
}

type Checker = ReturnType<typeof pathChecker>;
/** Kept while the settings are the same object, that is, while they are cached (`known-authenticators.ts`). */
const checkers = new WeakMap<Places, Map<string, Checker>>();

/** Every sign-in checks twice, and creating a rule takes longer than applying it. */
function checkerOf(settings: Places, app: string): Checker {
  const ofApps = checkers.get(settings) ?? new Map<string, Checker>();
  checkers.set(settings, ofApps);
  const checker = ofApps.get(app) ?? pathChecker(rules(settings, app));
  ofApps.set(app, checker);
  return checker;
}

/** The same without the additional pages of an authenticator: for a sign-in that cannot start, for whatever reason. */
export function pageOf(wanted: unknown, app: string): ReturnPath | undefined {
  return returnPathOf(wanted, ANYWHERE, app);
}

/** The destination if a ticket contains no valid page. */
export function homePageHere(): string {
  return homePage(process.env['APP_CLIENT_ENTRY_MODE'], placesOf('main'));
}

/** Whether an administrator may list this path. It does not matter for which application it is valid. */
export function mayBeListed(path: string): boolean {
  return canBeReturnPath(path, rules(ANYWHERE, 'main'));
}

/**
 * For the page that redeems a ticket, which may show an error before the ticket was verified. Without the additional pages of an
 * authenticator: a page that anyone may request costs no query (in a sub-app NocoBase looks up whose domain it is).
 */
export function returnPathsInScripts(app: string): string {
  return returnPathPattern(rules(ANYWHERE, app));
}

/** What a gateway may let through: it does not know this NocoBase's prefix for the pages of the new client. */
export function returnPathsToTell({ returnPaths }: Pick<Places, 'returnPaths'>): { returnPaths?: string[] } {
  const modern = modernPrefix(placesOf('main'));
  const told = [...returnPaths.filter(mayBeListed), ...(modern === DEFAULT_MODERN_PREFIX ? [] : [`/${modern}`])];
  return told.length === 0 ? {} : { returnPaths: told };
}

function rules({ gatewayUrl, nocobaseUrl, returnPaths }: Places, app: string): ReturnPathRules {
  const { apiBasePath, modernPrefix: prefix } = placesOf(app);
  return {
    nocobasePublicUrl: addressOr(`https://nocobase.invalid${basePath()}`, nocobaseUrl),
    gatewayPublicUrl: addressOr('https://gateway.invalid', gatewayUrl),
    app,
    handOff: 'ticket',
    morePaths: returnPaths,
    apiBasePath,
    modernPrefix: prefix,
  };
}

function addressOr(otherwise: string, address: string): string {
  return URL.canParse(address) ? address : otherwise;
}
