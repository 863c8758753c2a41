import { dingtalk, judge, type Section, variableIn, variableOf } from '../../../../src/core/settings/index.js';

/**
 * The token and key with which DingTalk signs and encrypts its calls. They belong to the operator: anyone who knows both can claim
 * that a person has left.
 */
const { eventToken, eventAesKey } = dingtalk.settings;
const section = { name: dingtalk.name, settings: { eventToken, eventAesKey }, crossRules: [] };

export interface EventSecrets {
  readonly token: string;
  readonly aesKey: string;
}

/** @returns the names of the variables that are missing or invalid, if events cannot be received */
export function readEventSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): EventSecrets | { readonly lacking: readonly string[] } {
  const named = (key: string): string => variableOf(section, key);
  const { values, problems } = judge(section satisfies Section<typeof section.settings>, (key, setting) =>
    variableIn(environment, named(key), setting),
  );
  const wrong = problems.map(({ key, isFile }) => `${named(key)}${isFile ? '_FILE' : ''}`);
  const unread = new Set(problems.map(({ key }) => key));
  if (values.eventToken !== undefined && values.eventAesKey !== undefined && wrong.length === 0) {
    return { token: values.eventToken, aesKey: values.eventAesKey };
  }
  const missing = (['eventToken', 'eventAesKey'] as const)
    .filter((key) => values[key] === undefined && !unread.has(key))
    .map(named);
  return { lacking: [...wrong, ...missing] };
}
