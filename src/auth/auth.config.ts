import { resolve } from 'node:path';
import { type Environment, fromEnvironment, InvalidEnvironmentError } from '../config/index.js';
import { defaultsOf, list, rule, section, text, wholeNumber, withoutTrailingNewline } from '../core/settings/index.js';
import { joined, type Text } from '../core/texts/index.js';
import {
  keepNewSecret,
  KeptSecretError,
  keptSecretPath,
  newSecret,
  obstacleTo,
  readKeptSecret,
} from './kept-secret.js';
import { KEPT_SECRET } from './texts.js';

/** For secrets that seal transactions. */
export const MIN_SECRET_LENGTH = 32;
const TOO_SHORT = `must be at least ${MIN_SECRET_LENGTH} characters long (each secret of a comma-separated list)`;

const auth = section('auth', {
  cookieSecret: list(
    {
      fromFile: withoutTrailingNewline,
      verbatim: true,
      rules: [
        rule('must be one line; several secrets are separated by commas', (secrets: readonly string[]) =>
          secrets.every((secret) => !/[\r\n]/.test(secret)),
        ),
        rule(TOO_SHORT, (secrets: readonly string[]) => secrets.every(({ length }) => length >= MIN_SECRET_LENGTH)),
      ],
    },
    TOO_SHORT,
  ),
  transactionTtlSeconds: wholeNumber(1, 3600, { default: 600 }),
  /** State that outlives the process: the secret, if none is configured, and for a stock NocoBase who is who. */
  stateFolder: text({ variable: 'STATE_FOLDER', default: 'data' }),
});

export const authDefaults = defaultsOf(auth);

type Secrets = readonly [string, ...string[]];

export interface AuthSettings {
  readonly cookieSecrets: Secrets;
  readonly transactionTtlSeconds: number;
  /** Folder for state that outlives the process; may not exist. */
  readonly stateFolder: string;
  /**
   * If no secret is configured: the file of the one that the gateway generated, or will generate at its first start.
   */
  readonly keptSecret?: { readonly path: string; readonly isMade: boolean };
}

/** Creates nothing: until `keepSecret` is called, the secret is a random one that is lost with the process. */
export function readAuthSettings(environment: Environment): AuthSettings {
  const { cookieSecret, transactionTtlSeconds, stateFolder: written } = fromEnvironment(auth, environment);
  const stateFolder = resolve(written);
  if (cookieSecret !== undefined) return { cookieSecrets: cookieSecret as Secrets, transactionTtlSeconds, stateFolder };
  // Replicas may not have a common folder.
  if (['REDIS_URL', 'REDIS_URL_FILE'].some((name) => environment[name]?.trim())) {
    throw new InvalidEnvironmentError([KEPT_SECRET.required(KEPT_SECRET.withRedis)]);
  }
  const path = keptSecretPath(stateFolder);
  const kept = inWordsOfVariables(path, () => readKeptSecret(path));
  if (kept === undefined) {
    const obstacle = obstacleTo(path);
    if (obstacle !== undefined) {
      throw new InvalidEnvironmentError([KEPT_SECRET.required(KEPT_SECRET.cannotBeMade(path, obstacle))]);
    }
    return { cookieSecrets: [newSecret()], transactionTtlSeconds, stateFolder, keptSecret: { path, isMade: false } };
  }
  return {
    cookieSecrets: secretsIn(kept, path),
    transactionTtlSeconds,
    stateFolder,
    keptSecret: { path, isMade: true },
  };
}

/**
 * Generates and stores the secret that `readAuthSettings` returns from now on.
 *
 * @returns whether this process created it; false: another one was faster
 * @throws InvalidEnvironmentError
 */
export function keepSecret(path: string): boolean {
  return inWordsOfVariables(path, () => keepNewSecret(path));
}

/** The path of the secret, whether or not it is used. */
export function keptSecretOf(environment: Environment): string {
  return keptSecretPath(environment['STATE_FOLDER']?.trim() || authDefaults.stateFolder);
}

/** Validated like the variable, because the file may be edited to rotate its secrets. */
function secretsIn(content: string, path: string): Secrets {
  if (content.trim() === '') throw unusable(path, KEPT_SECRET.empty);
  try {
    return fromEnvironment(auth, { AUTH_COOKIE_SECRET: content }).cookieSecret as Secrets;
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) throw error;
    throw unusable(path, joined(error.texts, '; '));
  }
}

function inWordsOfVariables<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof KeptSecretError ? unusable(path, error.text) : error;
  }
}

function unusable(path: string, reason: Text): InvalidEnvironmentError {
  return new InvalidEnvironmentError([KEPT_SECRET.unusable(path, reason)]);
}
