/**
 * Whether a setting holds a variable of NocoBase's, `{{ $env.X }}`. Only the Client ID may: it is no secret, and neither are
 * the variables that are filled in there (`client-id.ts`). Elsewhere nothing is: an administrator of authenticators could
 * have any secret among NocoBase's variables sent to a gateway of their own, by the Client Secret or in an address.
 */
export function holdsVariable(value: unknown): boolean {
  // JSON itself has no `{{` outside a text.
  return (JSON.stringify(value) ?? '').includes('{{');
}

/** NocoBase's own rule for a name, and its way of writing one. */
const VARIABLE = /\{\{\s*\$env\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

/** The names of the variables in a text; undefined where something in double braces is no variable. */
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
