import { isSupportedCountry } from 'libphonenumber-js';
import { DEFAULT_REGION, type Region } from '../core/accounts/index.js';
import {
  BaseUrl,
  type Environment,
  Flag,
  FromFile,
  OneOf,
  readAll,
  readEnvironment,
  Required,
  Rule,
  Verbatim,
  WholeNumber,
  withoutTrailingNewline,
} from '../config/index.js';
import {
  DEFAULT_API_BASE_PATH,
  DEFAULT_MODERN_PREFIX,
  DEFAULT_STORAGE_PREFIX,
  DEFAULT_STORAGE_TYPE,
  isApiBasePath,
  isModernPrefix,
  isStoragePrefix,
  STORAGE_TYPES,
  type StorageType,
} from '../core/nocobase-web/index.js';
import type { NocoBaseOptions, NocoBaseTarget } from './nocobase-client.options.js';
import { AUTHENTICATOR_NAME } from '../core/settings/index.js';

/**
 * NocoBase's `jwt_secret.dat` is 32 raw bytes; any other file holds the text of `APP_KEY`, also one of 31 characters that
 * an editor ended with a newline. (Random bytes are all visible characters once in 10^15 files.)
 */
function readJwtSecretFile(content: Buffer): string | Buffer {
  const isLine = /^[\x20-\x7e]+\r?\n$/.test(content.toString('latin1'));
  return content.length === 32 && !isLine ? content : withoutTrailingNewline(content);
}

const name = (value: unknown): boolean => typeof value === 'string' && AUTHENTICATOR_NAME.test(value);

class NocoBaseEnvironment {
  /** Read here too: whether the hand-off can be a page depends on both addresses. */
  @BaseUrl()
  PUBLIC_URL?: string;

  @Required('the address at which the gateway reaches NocoBase, such as http://nocobase:13000')
  @BaseUrl()
  NOCOBASE_URL!: string;

  @BaseUrl()
  NOCOBASE_PUBLIC_URL?: string;

  @Rule('must be a name of letters, digits, "-" and "_"', name)
  NOCOBASE_AUTHENTICATOR: string = 'dingtalk';

  @Rule('must be a name of letters, digits, "-" and "_"', name)
  NOCOBASE_APP: string = 'main';

  @Flag()
  @Rule('is about a sub-app: NOCOBASE_APP must name it', (value, environment) => {
    return value !== true || (environment as NocoBaseEnvironment).NOCOBASE_APP !== 'main';
  })
  NOCOBASE_APP_DOMAIN: boolean = false;

  @Rule('must be a path such as /api/, as API_BASE_PATH of NocoBase: without its APP_PUBLIC_PATH', isApiBasePath)
  NOCOBASE_API_BASE_PATH: string = DEFAULT_API_BASE_PATH;

  @Rule('must be one part of a path such as v, as APP_MODERN_CLIENT_PREFIX of NocoBase', (value, environment) => {
    return isModernPrefix(value, (environment as NocoBaseEnvironment).NOCOBASE_API_BASE_PATH);
  })
  NOCOBASE_MODERN_CLIENT_PREFIX: string = DEFAULT_MODERN_PREFIX;

  @Rule(
    'must be up to 64 letters, digits or any of _.:~- such as NOCOBASE_, as API_CLIENT_STORAGE_PREFIX of NocoBase',
    isStoragePrefix,
  )
  NOCOBASE_STORAGE_PREFIX: string = DEFAULT_STORAGE_PREFIX;

  @OneOf(...STORAGE_TYPES)
  @Rule(
    'keeps nothing from one page to the next: with it NOCOBASE_HANDOFF must be query, or auto',
    (value, environment) => value !== 'memory' || (environment as NocoBaseEnvironment).NOCOBASE_HANDOFF !== 'page',
  )
  NOCOBASE_STORAGE_TYPE: StorageType = DEFAULT_STORAGE_TYPE;

  @Flag()
  NOCOBASE_SHARE_TOKEN: boolean = false;

  @OneOf('auto', 'page', 'query', 'ticket')
  NOCOBASE_HANDOFF: 'auto' | 'page' | 'query' | 'ticket' = 'auto';

  @Rule('must be the two capital letters of a country (ISO 3166), such as CN', (value) => {
    return typeof value === 'string' && isSupportedCountry(value);
  })
  NOCOBASE_DEFAULT_REGION: Region = DEFAULT_REGION;

  @WholeNumber(10, 60_000)
  NOCOBASE_TIMEOUT_MS: number = 5000;
}

/** What stock NocoBase lets nobody do without. */
class NocoBaseKeys {
  @Required("an API key of the gateway's NocoBase role; the command `provision` makes one")
  @FromFile()
  @Rule('must be one line of visible characters', (value) => /^[\x21-\x7e]+$/.test(String(value)))
  NOCOBASE_API_TOKEN!: string;

  @Required("NocoBase's APP_KEY, or NOCOBASE_JWT_SECRET_FILE with the path of its jwt_secret.dat")
  @FromFile(readJwtSecretFile)
  @Verbatim()
  NOCOBASE_JWT_SECRET!: string | Buffer;
}

function stockHandOff(environment: NocoBaseEnvironment): 'page' | 'query' {
  const { PUBLIC_URL, NOCOBASE_URL, NOCOBASE_PUBLIC_URL = NOCOBASE_URL, NOCOBASE_HANDOFF } = environment;
  if (NOCOBASE_HANDOFF === 'page' || NOCOBASE_HANDOFF === 'query') return NOCOBASE_HANDOFF;
  // Where nothing outlives a page, one of ours leaves nothing behind.
  if (environment.NOCOBASE_STORAGE_TYPE === 'memory') return 'query';
  if (!PUBLIC_URL || !URL.canParse(PUBLIC_URL) || !URL.canParse(NOCOBASE_PUBLIC_URL)) return 'query';
  return new URL(PUBLIC_URL).origin === new URL(NOCOBASE_PUBLIC_URL).origin ? 'page' : 'query';
}

/** With the plugin no key is needed, so none is read: what the process does not hold, nobody takes from it. */
export function readNocoBaseOptions(environment: Environment): NocoBaseOptions {
  if (environment['NOCOBASE_HANDOFF'] === 'ticket') {
    return { ...targetOf(readEnvironment(NocoBaseEnvironment, environment)), handOff: 'ticket' };
  }
  const { read, keys } = readAll({
    read: () => readEnvironment(NocoBaseEnvironment, environment),
    keys: () => readEnvironment(NocoBaseKeys, environment),
  });
  return {
    ...targetOf(read),
    apiToken: keys.NOCOBASE_API_TOKEN,
    jwtSecret: Buffer.from(keys.NOCOBASE_JWT_SECRET as string),
    handOff: stockHandOff(read),
  };
}

function targetOf(read: NocoBaseEnvironment): NocoBaseTarget {
  return {
    url: read.NOCOBASE_URL,
    publicUrl: read.NOCOBASE_PUBLIC_URL ?? read.NOCOBASE_URL,
    app: read.NOCOBASE_APP,
    ownDomain: read.NOCOBASE_APP_DOMAIN,
    apiBasePath: read.NOCOBASE_API_BASE_PATH,
    modernPrefix: read.NOCOBASE_MODERN_CLIENT_PREFIX,
    storagePrefix: read.NOCOBASE_STORAGE_PREFIX,
    storageType: read.NOCOBASE_STORAGE_TYPE,
    shareToken: read.NOCOBASE_SHARE_TOKEN,
    authenticator: read.NOCOBASE_AUTHENTICATOR,
    defaultRegion: read.NOCOBASE_DEFAULT_REGION,
    timeoutMs: read.NOCOBASE_TIMEOUT_MS,
  };
}
