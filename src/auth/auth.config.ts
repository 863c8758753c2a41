import {
  type Environment,
  FromFile,
  List,
  readEnvironment,
  Required,
  Rule,
  Verbatim,
  WholeNumber,
} from '../config/index.js';

const MIN_SECRET_LENGTH = 32;

class AuthEnvironment {
  @Required(`at least ${MIN_SECRET_LENGTH} random characters; several, separated by commas, rotate`)
  @FromFile()
  @Verbatim()
  @Rule('must be one line; several secrets are separated by commas', (value) => {
    return !Array.isArray(value) || value.every((secret) => !/[\r\n]/.test(String(secret)));
  })
  @List()
  @Rule(`must be at least ${MIN_SECRET_LENGTH} characters long, each of a comma-separated list`, (value) => {
    return (
      Array.isArray(value) && value.length > 0 && value.every((secret: string) => secret.length >= MIN_SECRET_LENGTH)
    );
  })
  AUTH_COOKIE_SECRET!: string[];

  @WholeNumber(1, 3600)
  AUTH_TRANSACTION_TTL_SECONDS: number = 600;
}

export interface AuthSettings {
  readonly cookieSecrets: readonly [string, ...string[]];
  readonly transactionTtlSeconds: number;
}

export function readAuthSettings(environment: Environment): AuthSettings {
  const read = readEnvironment(AuthEnvironment, environment);
  return {
    cookieSecrets: read.AUTH_COOKIE_SECRET as [string, ...string[]],
    transactionTtlSeconds: read.AUTH_TRANSACTION_TTL_SECONDS,
  };
}
