import { readFileSync } from 'node:fs';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import type { AuthenticatorsSource } from './authenticators-source.js';
import { besideTheFile } from './ignored-variables.js';
import type { Text } from '../core/texts/index.js';
import type { AppOptions, Environment } from '../config/index.js';
import { oddityOfSecret, variableNames, withoutTrailingNewline } from '../core/settings/index.js';
import { NOTICES } from './texts.js';

interface Noticed {
  readonly app: AppOptions;
  readonly source: AuthenticatorsSource;
  readonly authenticators: readonly AuthenticatorSettings[];
}

/** Settings that are ignored or look wrong; reported by `check`, at the start and by `doctor`. */
export function noticesOf(environment: Environment, { app, source, authenticators }: Noticed): Text[] {
  const notices: Text[] = [];
  if (authenticators.some(({ nocobase }) => new URL(nocobase.publicUrl).href === new URL(app.publicUrl).href)) {
    // It works behind a proxy that routes by path; if a proxy routes the whole address to one of them, the other is
    // unreachable.
    notices.push(NOTICES.sameAddress);
  }
  const ignored = source.kind === 'nocobase' ? [] : besideTheFile(environment, source, variableNames());
  if (ignored.length > 0) notices.push(NOTICES.besideTheFile(ignored.join(', ')));
  for (const secret of [cookieSecret(environment), ...authenticators.flatMap(jwtSecretOf)]) {
    const what = secret === undefined ? undefined : oddityOfSecret(secret.value);
    if (secret !== undefined && what !== undefined) notices.push(NOTICES.takenAsItIs(secret.name, what));
  }
  for (const { name, nocobase } of authenticators) {
    // A JSON Web Token, such as NocoBase's API keys, has three parts (RFC 7519).
    if (nocobase.handOff === 'ticket' || nocobase.apiToken.split('.').length === 3) continue;
    notices.push(NOTICES.noApiKey(authenticators.length > 1 ? `${name}: ` : ''));
  }
  return notices;
}

function cookieSecret(environment: Environment): { name: string; value: string } | undefined {
  const name = 'AUTH_COOKIE_SECRET';
  const path = environment[`${name}_FILE`]?.trim();
  const value = path ? withoutTrailingNewline(readFileSync(path)) : environment[name];
  return value === undefined ? undefined : { name, value };
}

function jwtSecretOf({ nocobase }: AuthenticatorSettings): { name: string; value: string }[] {
  if (nocobase.handOff === 'ticket') return [];
  const value = Buffer.from(nocobase.jwtSecret);
  // NocoBase's own file is 32 bytes that are no text.
  return value.length === 32 && !/^[\x20-\x7e]+$/.test(value.toString('latin1'))
    ? []
    : [{ name: 'NOCOBASE_JWT_SECRET', value: value.toString('utf8') }];
}
