import { isLoopback } from '../core/settings/index.js';
import { AddressRanges, BaseUrl, Flag, List, OneOf, Required, Rule, WholeNumber } from './environment.decorators.js';
import { type Environment, readEnvironment } from './read-environment.js';

/** Process and public address. */
export interface AppOptions {
  readonly port: number;
  readonly host: string;
  /** The gateway's address as browsers see it, without a trailing slash. */
  readonly publicUrl: string;
  /** Proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
}

class AppEnvironment {
  @WholeNumber(0, 65_535)
  PORT: number = 3000;

  @Rule('must be an address or a name of this machine', (value) => /^[\w.:%-]+$/.test(String(value)))
  HOST: string = '0.0.0.0';

  @Required("the gateway's address as browsers see it, such as https://app.example.com/sso")
  @BaseUrl({ https: 'unless-private' })
  PUBLIC_URL!: string;

  @Flag()
  ALLOW_PRIVATE_HTTP: boolean = false;

  @List()
  @AddressRanges()
  TRUST_PROXY?: string[];

  @OneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal')
  LOG_LEVEL: string = 'info';
}

/** Whether people are served without TLS over a network: whoever can read along there can sign in as them. */
export function isPlainHttp({ publicUrl }: Pick<AppOptions, 'publicUrl'>): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'http:' && !isLoopback(hostname);
}

export function readAppOptions(environment: Environment): AppOptions {
  const read = readEnvironment(AppEnvironment, environment);
  return {
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL,
    trustedProxies: read.TRUST_PROXY ?? [],
    logLevel: read.LOG_LEVEL,
  };
}
