import { dingtalk, judge, type Section, variableOf } from '../../../../src/core/settings/index.js';
import { MisconfiguredError } from '../../../../src/core/errors/index.js';

/**
 * What of DingTalk's settings is the operator's, whoever may edit authenticators: where calls go, and through which proxy.
 * NocoBase's environment says it, under the gateway's names and by its rules.
 */
const { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs } = dingtalk.settings;
const operators = { name: dingtalk.name, settings: { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs }, crossRules: [] };

export interface DingTalkEnvironment {
  /** Base addresses without a trailing slash. */
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  /** With its user and password. */
  readonly proxyUrl?: string;
  /** For one call. */
  readonly timeoutMs: number;
}

/** @throws MisconfiguredError with the names of the variables, and never their values */
export function dingTalkEnvironment(environment: Readonly<Record<string, string | undefined>>): DingTalkEnvironment {
  const { values, problems } = judge(operators satisfies Section<typeof operators.settings>, (key) => {
    const value = environment[variableOf(operators, key)];
    return value === undefined || value.trim() === '' ? undefined : { value };
  });
  const [problem] = problems;
  if (problem !== undefined) {
    const name = variableOf(operators, problem.key);
    throw new MisconfiguredError(name, `${name} ${problem.said.en}`);
  }
  const { proxyUrl: proxy, ...others } = values;
  return { ...others, ...(proxy === undefined ? {} : { proxyUrl: proxy }) };
}
