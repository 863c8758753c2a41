/** Everything from a page, DingTalk or a server is untrusted until one of these guards has checked it. */

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** An object whose given keys are all non-empty text; `undefined` for anything else. */
export function texts<Key extends string>(value: unknown, keys: readonly Key[]): Record<Key, string> | undefined {
  const found = strings(value, keys);
  return found !== undefined && keys.every((key) => found[key] !== '') ? found : undefined;
}

/** Like `texts`, but a text may be empty. */
export function strings<Key extends string>(value: unknown, keys: readonly Key[]): Record<Key, string> | undefined {
  if (!isRecord(value)) return undefined;
  const found: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const text = value[key];
    if (typeof text !== 'string') return undefined;
    found[key] = text;
  }
  return found as Record<Key, string>;
}

/** `undefined` for what is not JSON. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** An absolute http or https address; `undefined` for anything else, `javascript:` above all. */
export function webAddress(value: unknown): string | undefined {
  if (!isText(value)) return undefined;
  try {
    const { protocol, href } = new URL(value);
    return protocol === 'https:' || protocol === 'http:' ? href : undefined;
  } catch {
    return undefined;
  }
}
