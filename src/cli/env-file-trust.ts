import { existsSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { keptSecretOf } from '../auth/index.js';
import { referencesIn } from '../authenticators/index.js';
import type { Environment } from '../config/index.js';
import { printable } from '../printing/index.js';
import type { EnvFile } from './env-file.js';
import { confirmed, type Io } from './io.js';
import { valueOf } from './root-credentials.js';
import { TEXTS } from './texts.js';
import { UsageError } from './usage.error.js';

/** Secrets, and the variables that decide where they are sent, or where something signed with them is sent. */
interface Sent {
  readonly secrets: readonly string[];
  readonly addresses: readonly string[];
}

const SENT = {
  dingtalk: {
    // With AUTHENTICATORS_SOURCE=nocobase, NocoBase gives the Client Secret to anyone who can sign.
    secrets: ['DINGTALK_CLIENT_SECRET', 'AUTH_COOKIE_SECRET'],
    // Not DINGTALK_PROXY_URL: a proxy cannot read TLS.
    addresses: ['DINGTALK_API_URL', 'DINGTALK_OAPI_URL'],
  },
  nocobase: {
    secrets: ['NOCOBASE_API_TOKEN', 'NOCOBASE_JWT_SECRET', 'AUTH_COOKIE_SECRET'],
    addresses: ['NOCOBASE_URL', 'NOCOBASE_PUBLIC_URL', 'NOCOBASE_API_BASE_PATH'],
  },
  redis: { secrets: ['REDIS_SENTINEL_PASSWORD'], addresses: ['REDIS_URL', 'REDIS_URL_FILE'] },
  telemetry: {
    secrets: ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'],
    addresses: ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  },
} as const satisfies Record<string, Sent>;

export type Recipient = keyof typeof SENT;
const EVERYBODY = Object.keys(SENT) as Recipient[];

/** Only DingTalk responds there. */
const DINGTALKS_OWN = /^https:\/\/[\w.-]+\.dingtalk\.(?:com|io)\/*$/;
/** The address contains a password. */
const UNSEEN = /^REDIS_/;

/**
 * A `.env` may be in any folder where a command happens to run. It may decide where its own secrets are sent, but not,
 * alone, where others are: a person is asked.
 *
 * @throws UsageError unless a person confirms
 */
export async function mustBeMeant(io: Io, recipients: readonly Recipient[] = EVERYBODY): Promise<void> {
  const { environment, envFile } = io;
  if (envFile === undefined) return;
  const isSaidThere = (name: string): boolean => {
    const value = valueOf(environment, name);
    return value !== undefined && envFile.names.has(name) && !DINGTALKS_OWN.test(value.trim());
  };
  const strayed = [
    ...recipients
      .map((recipient): Sent => SENT[recipient])
      .map(({ secrets, addresses }) => ({
        secrets: secrets.flatMap((name) => fromElsewhere(name, environment, envFile)),
        addresses: addresses.filter(isSaidThere),
      })),
    { secrets: ofAuthenticators(environment, envFile), addresses: ['AUTHENTICATORS_FILE'].filter(isSaidThere) },
  ].filter(({ secrets, addresses }) => secrets.length > 0 && addresses.length > 0);
  if (strayed.length === 0) return;
  const listed = (names: readonly string[]): string => printable([...new Set(names)].join(', '));
  const secrets = listed(strayed.flatMap((sent) => sent.secrets));
  const addresses = listed(
    strayed
      .flatMap((sent) => sent.addresses)
      .map((name) => (UNSEEN.test(name) ? name : `${name}=${environment[name]?.trim()}`)),
  );
  const where = TEXTS.secretsGo(printable(envFile.path), secrets, addresses);
  if (!(await confirmed(io, TEXTS.askSendThem(where)))) throw new UsageError(TEXTS.nobodySaidYesToThem(where));
}

/** The variable, if its secret is neither in the `.env` nor in another file of that folder. */
function fromElsewhere(name: string, environment: Environment, envFile: EnvFile): readonly string[] {
  if (valueOf(environment, name) !== undefined) return envFile.names.has(name) ? [] : [name];
  const path = valueOf(environment, `${name}_FILE`)?.trim();
  if (path === undefined && name === 'AUTH_COOKIE_SECRET') return keptElsewhere(environment, envFile);
  if (path === undefined || (envFile.names.has(`${name}_FILE`) && isBeside(envFile, path))) return [];
  return [`${name}_FILE`];
}

/** The generated secret is used if none is configured. */
function keptElsewhere(environment: Environment, envFile: EnvFile): readonly string[] {
  const path = keptSecretOf(environment);
  return !existsSync(path) || isBeside(envFile, path) ? [] : [path];
}

/** Secrets that AUTHENTICATORS_FILE refers to, and those that sign for its authenticators. */
function ofAuthenticators(environment: Environment, envFile: EnvFile): readonly string[] {
  const path = valueOf(environment, 'AUTHENTICATORS_FILE')?.trim();
  if (path === undefined || !envFile.names.has('AUTHENTICATORS_FILE')) return [];
  const { variables, files } = referencesIn(path);
  return [
    ...['AUTH_COOKIE_SECRET', ...variables].flatMap((name) => fromElsewhere(name, environment, envFile)),
    ...files.filter((file) => !isBeside(envFile, file)),
  ];
}

/** The target of a link counts. A file that does not exist now may be a link when it is read. */
function isBeside({ path }: EnvFile, file: string): boolean {
  try {
    return realpathSync(file).startsWith(`${realpathSync(dirname(path))}${sep}`);
  } catch {
    return false;
  }
}
