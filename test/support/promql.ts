/** PromQL's own words, as far as our files use them. */
const WORDS = new Set(
  'sum min max count absent rate increase histogram_quantile clamp_min count_over_time label_values and or unless time'.split(
    ' ',
  ),
);

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
}

/** What an expression refers to: every metric with its matchers, and the labels that it groups by. */
export function read(expression: string): { selectors: Selector[]; groupedBy: string[] } {
  const groupedBy: string[] = [];
  const plain = expression
    .replace(/\$__rate_interval/g, '5m')
    .replace(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g, (_all, labels: string) => {
      groupedBy.push(...labels.split(',').map((label) => label.trim()));
      return ' ';
    })
    .replace(/\[\w+\]/g, ' ');
  const selectors = [...plain.matchAll(/([a-z_][a-z0-9_]*)\s*(?:\{([^}]*)\})?/gi)]
    .filter(([, word = '']) => !WORDS.has(word))
    .map(([, metric = '', matchers = '']) => ({
      metric,
      matchers: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = '', values = '']) => ({
        label,
        values: values.startsWith('$') ? [] : values.split('|'),
      })),
    }));
  return { selectors, groupedBy };
}
