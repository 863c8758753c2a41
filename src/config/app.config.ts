import {
  ADDRESS_RANGES,
  baseUrl,
  choice,
  flag,
  httpsOrAcceptedPrivate,
  isLoopback,
  list,
  rule,
  section,
  text,
  wholeNumber,
} from '../core/settings/index.js';
import { type Environment, fromEnvironment } from './from-environment.js';

/** Process and public address. */
export interface AppOptions {
  readonly port: number;
  readonly host: string;
  /** The gateway's address as browsers see it, without a trailing slash. */
  readonly publicUrl: string;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
}

const app = section(
  '',
  {
    port: wholeNumber(0, 65_535, { default: 3000 }),
    host: text({
      default: '0.0.0.0',
      rules: [rule('must be an address or a name of this machine', (value: string) => /^[\w.:%-]+$/.test(value))],
    }),
    publicUrl: baseUrl({
      required: "the gateway's address as browsers see it, such as https://app.example.com/sso",
    }),
    allowPrivateHttp: flag(),
    trustProxy: list({ rules: [ADDRESS_RANGES] }),
    logLevel: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], { default: 'info' }),
  },
  httpsOrAcceptedPrivate('publicUrl', ({ allowPrivateHttp }) => allowPrivateHttp === true),
);

/** Whether people sign in without TLS over a network: anyone who can read the traffic can sign in as them. */
export function isPlainHttp({ publicUrl }: Pick<AppOptions, 'publicUrl'>): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'http:' && !isLoopback(hostname);
}

export function readAppOptions(environment: Environment): AppOptions {
  const { port, host, publicUrl, trustProxy = [], logLevel } = fromEnvironment(app, environment);
  return { port, host, publicUrl, trustedProxies: trustProxy, logLevel };
}
