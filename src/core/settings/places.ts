import { appInPath, isApiBasePath, isModernPrefix } from '../nocobase-web/index.js';
import type { ReturnPathRules } from '../return-path/index.js';

interface Places {
  readonly gatewayUrl: string | undefined;
  readonly url: string | undefined;
  readonly publicUrl: string | undefined;
  readonly app: string | undefined;
  readonly appDomain: boolean | undefined;
  readonly apiBasePath: string | undefined;
  readonly modernClientPrefix: string | undefined;
}

/** The pages that people may be sent to. Invalid settings are left out here, because their own rules report them. */
export function placesOf(places: Places): ReturnPathRules {
  const { gatewayUrl, url, publicUrl = url, app = 'main', appDomain: ownDomain = false } = places;
  const { apiBasePath, modernClientPrefix: modernPrefix } = places;
  return {
    nocobasePublicUrl: addressOr('https://nocobase.invalid', publicUrl),
    gatewayPublicUrl: addressOr('https://gateway.invalid', gatewayUrl),
    app: appInPath({ app, ownDomain }),
    handOff: 'page',
    ...(isApiBasePath(apiBasePath) ? { apiBasePath } : {}),
    ...(isModernPrefix(modernPrefix, apiBasePath) ? { modernPrefix } : {}),
  };
}

function addressOr(otherwise: string, address: string | undefined): string {
  return address !== undefined && URL.canParse(address) ? address : otherwise;
}
