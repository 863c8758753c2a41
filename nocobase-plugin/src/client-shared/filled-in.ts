/** A sentence with `{name}` filled in. Not i18next's own way, which makes entities of letters such as the slash. */
export function filledIn(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
