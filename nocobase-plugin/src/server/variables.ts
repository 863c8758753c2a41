/**
 * Whether a setting contains a NocoBase variable, `{{ $env.X }}`. Only the Client ID may: it is not secret, and neither are the
 * variables that are allowed there (`client-id.ts`). They are refused everywhere else: an administrator of authenticators could
 * have any secret among NocoBase's variables sent to their own gateway, as the Client Secret or in an address.
 */
export function holdsVariable(value: unknown): boolean {
  // JSON itself has no `{{` outside strings.
  return (JSON.stringify(value) ?? '').includes('{{');
}

/** NocoBase's own rule for names and syntax. */
const VARIABLE = /\{\{\s*\$env\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

/** The names of the variables in a text; undefined if double braces contain anything else. */
export function variablesIn(text: string): readonly string[] | undefined {
  const names = new Set<string>();
  const rest = text.replace(VARIABLE, (_all: string, name: string) => {
    names.add(name);
    return '';
  });
  return holdsVariable(rest) ? undefined : [...names];
}

export function withVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (_all: string, name: string) => values.get(name) ?? '');
}
