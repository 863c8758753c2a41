import { readFileSync } from 'node:fs';
import type { Environment } from '../config/index.js';
import { inTheForm } from './authenticator-form.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import type { AuthenticatorsSource } from './authenticators-source.js';

const SECTIONS = /^(?:DINGTALK|NOCOBASE)_/;
const OF_COMMANDS = /^NOCOBASE_ROOT_/;
/** What only a gateway without the plugin holds. */
const KEYS = /^NOCOBASE_(?:API_TOKEN|JWT_SECRET)(?:_FILE)?$/;

/** Variables that are set, and that count for nothing where the ways to sign in are written down elsewhere. */
export function ignoredVariables(
  environment: Environment,
  source: AuthenticatorsSource,
  authenticators: readonly AuthenticatorSettings[],
  known: ReadonlySet<string>,
): readonly string[] {
  const set = Object.keys(environment).filter((name) => known.has(name) && environment[name]?.trim());
  const ignored = (): readonly string[] => {
    if (source.kind === 'nocobase') {
      const asked = new Set(inTheForm(environment));
      return set.filter((name) => asked.has(name) || KEYS.test(name));
    }
    if (source.file !== undefined) {
      // `{ env: DINGTALK_CLIENT_SECRET }` uses one after all.
      const text = readFileSync(source.file, 'utf8');
      return set.filter((name) => SECTIONS.test(name) && !OF_COMMANDS.test(name) && !text.includes(name));
    }
    return authenticators.every(({ nocobase }) => nocobase.handOff === 'ticket')
      ? set.filter((name) => KEYS.test(name))
      : [];
  };
  return ignored().toSorted();
}
