import { type Environment, fromEnvironment } from '../config/index.js';
import { defaultsOf, list, rule, section, wholeNumber, withoutTrailingNewline } from '../core/settings/index.js';

/** Of what seals transactions. */
export const MIN_SECRET_LENGTH = 32;
const TOO_SHORT = `must be at least ${MIN_SECRET_LENGTH} characters long, each of a comma-separated list`;

const auth = section('auth', {
  cookieSecret: list(
    {
      required: `at least ${MIN_SECRET_LENGTH} random characters; several, separated by commas, rotate`,
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
});

export const authDefaults = defaultsOf(auth);

export interface AuthSettings {
  readonly cookieSecrets: readonly [string, ...string[]];
  readonly transactionTtlSeconds: number;
}

export function readAuthSettings(environment: Environment): AuthSettings {
  const { cookieSecret, transactionTtlSeconds } = fromEnvironment(auth, environment);
  return { cookieSecrets: cookieSecret as readonly [string, ...string[]], transactionTtlSeconds };
}
