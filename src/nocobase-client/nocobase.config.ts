import { isSupportedCountry } from 'libphonenumber-js';
import { DEFAULT_REGION, type Region } from '../accounts/index.js';
import {
  BaseUrl,
  type Environment,
  FromFile,
  OneOf,
  readEnvironment,
  Required,
  Rule,
  WholeNumber,
  withoutTrailingNewline,
} from '../config/index.js';
import type { NocoBaseClientOptions } from './nocobase-client.options.js';

/**
 * NocoBase's `jwt_secret.dat` is 32 raw bytes; any other file holds the text of `APP_KEY`, also one of 31 characters that
 * an editor ended with a newline. (Random bytes are all visible characters once in 10^15 files.)
 */
function readJwtSecretFile(content: Buffer): string | Buffer {
  const isLine = /^[\x20-\x7e]+\r?\n$/.test(content.toString('latin1'));
  return content.length === 32 && !isLine ? content : withoutTrailingNewline(content);
}

const name = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

class NocoBaseEnvironment {
  /** Read here too: whether the hand-off can be a page depends on both addresses. */
  @BaseUrl()
  PUBLIC_URL?: string;

  @Required('the address at which the gateway reaches NocoBase, such as http://nocobase:13000')
  @BaseUrl()
  NOCOBASE_URL!: string;

  @BaseUrl()
  NOCOBASE_PUBLIC_URL?: string;

  @Required("an API key of the gateway's NocoBase role; the command `provision` makes one")
  @FromFile()
  @Rule('must be one line of visible characters', (value) => /^[\x21-\x7e]+$/.test(String(value)))
  NOCOBASE_API_TOKEN!: string;

  @Required("NocoBase's APP_KEY, or NOCOBASE_JWT_SECRET_FILE with the path of its jwt_secret.dat")
  @FromFile(readJwtSecretFile)
  NOCOBASE_JWT_SECRET!: string | Buffer;

  @Rule('must be a name of letters, digits, "-" and "_"', name)
  NOCOBASE_AUTHENTICATOR: string = 'dingtalk';

  @Rule('must be a name of letters, digits, "-" and "_"', name)
  NOCOBASE_APP: string = 'main';

  @OneOf('auto', 'page', 'query')
  NOCOBASE_HANDOFF: 'auto' | 'page' | 'query' = 'auto';

  @Rule('must be the two capital letters of a country (ISO 3166), such as CN', (value) => {
    return typeof value === 'string' && isSupportedCountry(value);
  })
  NOCOBASE_DEFAULT_REGION: Region = DEFAULT_REGION;

  @WholeNumber(10, 60_000)
  NOCOBASE_TIMEOUT_MS: number = 5000;
}

function shareOrigin(environment: NocoBaseEnvironment): boolean {
  const address = environment.NOCOBASE_PUBLIC_URL ?? environment.NOCOBASE_URL;
  if (!environment.PUBLIC_URL || !URL.canParse(environment.PUBLIC_URL) || !URL.canParse(address)) return false;
  return new URL(environment.PUBLIC_URL).origin === new URL(address).origin;
}

export function readNocoBaseOptions(environment: Environment): NocoBaseClientOptions {
  const read = readEnvironment(NocoBaseEnvironment, environment);
  return {
    url: read.NOCOBASE_URL,
    publicUrl: read.NOCOBASE_PUBLIC_URL ?? read.NOCOBASE_URL,
    app: read.NOCOBASE_APP,
    apiToken: read.NOCOBASE_API_TOKEN,
    jwtSecret: Buffer.from(read.NOCOBASE_JWT_SECRET as string),
    authenticator: read.NOCOBASE_AUTHENTICATOR,
    handOff: read.NOCOBASE_HANDOFF === 'auto' ? (shareOrigin(read) ? 'page' : 'query') : read.NOCOBASE_HANDOFF,
    defaultRegion: read.NOCOBASE_DEFAULT_REGION,
    timeoutMs: read.NOCOBASE_TIMEOUT_MS,
  };
}
