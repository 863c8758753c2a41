import {
  canBeReturnPath,
  pathChecker,
  type ReturnPath,
  returnPathPattern,
  type ReturnPathRules,
} from '../../../src/core/return-path/index.js';
import { DEFAULT_MODERN_PREFIX, homePage, modernPrefix } from '../../../src/core/nocobase-web/index.js';
import { basePath, placesOf } from './paths.js';

/** Of the settings of an authenticator. */
interface Places {
  readonly gatewayUrl: string;
  readonly nocobaseUrl: string;
  readonly returnPaths: readonly string[];
}

const ANYWHERE: Places = { gatewayUrl: '', nocobaseUrl: '', returnPaths: [] };

/**
 * The gateway's own rule (`src/core/return-path`), for this application of this NocoBase, which knows best where its API is. It holds
 * on the way out to the gateway and for what comes back in a ticket: a gateway's word opens nothing here.
 *
 * @param app as the paths of pages name it: `main` also for a sub-app at a domain of its own
 */
export function returnPathOf(wanted: unknown, settings: Places, app: string): ReturnPath | undefined {
  return checkerOf(settings, app)(wanted);
}

type Checker = ReturnType<typeof pathChecker>;
/** As long as the settings are the same object, which is as long as they are known (`known-authenticators.ts`). */
const checkers = new WeakMap<Places, Map<string, Checker>>();

/** Every sign-in asks twice, and making one takes longer than asking it. */
function checkerOf(settings: Places, app: string): Checker {
  const ofApps = checkers.get(settings) ?? new Map<string, Checker>();
  checkers.set(settings, ofApps);
  const checker = ofApps.get(app) ?? pathChecker(rules(settings, app));
  ofApps.set(app, checker);
  return checker;
}

/** The same without the further pages of an authenticator: of a sign-in that cannot start, for whatever reason. */
export function pageOf(wanted: unknown, app: string): ReturnPath | undefined {
  return returnPathOf(wanted, ANYWHERE, app);
}

/** Where people land whose ticket names no page that is one. */
export function homePageHere(): string {
  return homePage(process.env['APP_CLIENT_ENTRY_MODE'], placesOf('main'));
}

/** Whether an administrator may list this path. Which application it is good in does not matter to that. */
export function mayBeListed(path: string): boolean {
  return canBeReturnPath(path, rules(ANYWHERE, 'main'));
}

/**
 * For the page that redeems a ticket, which tells an error before anybody has looked at the ticket. Without the further pages
 * of an authenticator: a page that anybody may ask for costs no query of ours (in a sub-app NocoBase looks up whose domain it is).
 */
export function returnPathsInScripts(app: string): string {
  return returnPathPattern(rules(ANYWHERE, app));
}

/** What a gateway may let pass: it does not know how this NocoBase names the pages of the new client. */
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
