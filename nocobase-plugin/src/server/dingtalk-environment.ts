import { dingtalk, judge, variableOf } from '../../../src/core/settings/index.js';
import { filledIn, type Text, text } from '../../../src/core/texts/index.js';

const { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs } = dingtalk.settings;

/** What of the gateway's variables counts in NocoBase, too: the operator's, and not the form's. */
const OF_OPERATOR = {
  name: dingtalk.name,
  settings: { loginUrl, apiUrl, oapiUrl, proxyUrl, timeoutMs },
  crossRules: [],
} as const;

/** Where DingTalk is, and how it is reached. */
export interface DingTalkEnvironment {
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  /** Holds a password. */
  readonly proxyUrl?: string;
  /** For one call. */
  readonly timeoutMs: number;
}

/**
 * `DINGTALK_LOGIN_URL`, `DINGTALK_API_URL`, `DINGTALK_OAPI_URL`, `DINGTALK_PROXY_URL` and `DINGTALK_TIMEOUT_MS`, by the rules
 * and with the defaults of the gateway. An empty variable counts as absent.
 *
 * @returns `problems` where one is wrong: each names a variable, and never its value
 */
export function dingTalkEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly read: DingTalkEnvironment } | { readonly problems: readonly [Text, ...Text[]] } {
  const nameOf = (key: string): string => variableOf(OF_OPERATOR, key);
  const { values, problems } = judge(OF_OPERATOR, (key) => {
    const value = environment[nameOf(key)];
    return value === undefined || value.trim() === '' ? undefined : { value };
  });
  const [first, ...others] = problems.map(({ key, said }) => {
    const { en, zh } = filledIn(said, nameOf);
    return text(`${nameOf(key)} ${en}`, `${nameOf(key)} ${zh}`);
  });
  if (first !== undefined) return { problems: [first, ...others] };
  const { proxyUrl: proxy, ...settings } = values;
  return { read: { ...settings, ...(proxy === undefined ? {} : { proxyUrl: proxy }) } };
}
