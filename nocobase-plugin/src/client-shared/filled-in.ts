/** A sentence with `{name}` replaced. i18next's own interpolation is not used because it escapes characters such as the slash. */
export function filledIn(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
