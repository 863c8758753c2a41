import { MisconfiguredError } from '../../../../src/core/errors/index.js';
import { dingtalk, judge, type Section, variableOf } from '../../../../src/core/settings/index.js';
import { type Text, text } from '../../../../src/core/texts/text.js';

/**
 * What of DingTalk's settings is the operator's, whoever may edit authenticators: where calls go, and through which proxy.
 * NocoBase's environment says it, under the gateway's names and by its rules.
 */
const { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs } = dingtalk.settings;
const operators = { name: dingtalk.name, settings: { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs }, crossRules: [] };

type Environment = Readonly<Record<string, string | undefined>>;

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

/** What is wrong with a variable: with its name, and never its value. */
export interface WrongVariable {
  readonly name: string;
  readonly said: Text;
}

/** An empty variable counts as absent. */
export function readDingTalkEnvironment(
  environment: Environment,
): { readonly values: DingTalkEnvironment } | { readonly problems: readonly [WrongVariable, ...WrongVariable[]] } {
  const { values, problems } = judge(operators satisfies Section<typeof operators.settings>, (key) => {
    const value = environment[variableOf(operators, key)];
    return value === undefined || value.trim() === '' ? undefined : { value };
  });
  const [first, ...more] = problems.map(({ key, said }) => {
    const name = variableOf(operators, key);
    return { name, said: text(`${name} ${said.en}`, `${name} ${said.zh}`) };
  });
  if (first !== undefined) return { problems: [first, ...more] };
  const { proxyUrl: proxy, ...others } = values;
  return { values: { ...others, ...(proxy === undefined ? {} : { proxyUrl: proxy }) } };
}

/** @throws MisconfiguredError with the name of a variable */
export function dingTalkEnvironment(environment: Environment): DingTalkEnvironment {
  const found = readDingTalkEnvironment(environment);
  if ('values' in found) return found.values;
  const [{ name, said }] = found.problems;
  throw new MisconfiguredError(name, said.en);
}
