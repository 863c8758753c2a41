import type { Found } from './judge.js';
import { readSecretFile } from './secret-file.js';
import type { Setting } from './setting.js';
import { FILE } from './texts.js';

/**
 * What the environment has for a setting. An empty variable counts as absent, because Compose files write unset ones that way;
 * `NAME_FILE` replaces a secret `NAME` and contains a path.
 */
export function variableIn(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  setting: Setting,
): Found | undefined {
  const value = environment[name];
  const isSet = Boolean(value?.trim());
  const path = setting.fromFile === undefined ? undefined : environment[`${name}_FILE`]?.trim();
  if (!path) return isSet ? { value } : undefined;
  if (!isSet) return readSecretFile(path, setting);
  return { problem: FILE.besideVariable(name), isFile: true };
}
