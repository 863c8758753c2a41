import { MisconfiguredError } from '../../../../src/core/errors/index.js';
import { dingtalk, judge, type Section, variableIn, variableOf } from '../../../../src/core/settings/index.js';
import { type Text, text } from '../../../../src/core/texts/text.js';

/**
 * The DingTalk settings that belong to the operator, and not to those who may edit authenticators: where calls go, and through
 * which proxy. They come from NocoBase's environment, under the gateway's names and with its rules.
 */
const { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs } = dingtalk.settings;
const operators = { name: dingtalk.name, settings: { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs }, crossRules: [] };

type Environment = Readonly<Record<string, string | undefined>>;

export interface DingTalkEnvironment {
  /** Base addresses without a trailing slash. */
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  /** Including its user and password. */
  readonly proxyUrl?: string;
  /** Timeout of one call. */
  readonly timeoutMs: number;
}

/** The problem with a variable, by name and never with its value. */
export interface WrongVariable {
  readonly name: string;
  readonly said: Text;
}

/** As the gateway reads them: `DINGTALK_PROXY_URL_FILE` may name a file with the address. */
export function readDingTalkEnvironment(
  environment: Environment,
): { readonly values: DingTalkEnvironment } | { readonly problems: readonly [WrongVariable, ...WrongVariable[]] } {
  const { values, problems } = judge(operators satisfies Section<typeof operators.settings>, (key, setting) =>
    variableIn(environment, variableOf(operators, key), setting),
  );
  const [first, ...more] = problems.map(({ key, said, isFile }) => {
    const name = `${variableOf(operators, key)}${isFile ? '_FILE' : ''}`;
    return { name, said: text(`${name} ${said.en}`, `${name} ${said.zh}`) };
  });
  if (first !== undefined) return { problems: [first, ...more] };
  const { proxyUrl: proxy, ...others } = values;
  return { values: { ...others, ...(proxy === undefined ? {} : { proxyUrl: proxy }) } };
}

/** @throws MisconfiguredError naming the variable */
export function dingTalkEnvironment(environment: Environment): DingTalkEnvironment {
  const found = readDingTalkEnvironment(environment);
  if ('values' in found) return found.values;
  const [{ name, said }] = found.problems;
  throw new MisconfiguredError(name, said.en);
}
