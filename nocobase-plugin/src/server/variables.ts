/**
 * Whether a setting holds a variable of NocoBase's, `{{ $env.X }}`. Nothing fills it in here: DingTalk and the gateway would
 * get it letter for letter. It is not filled in because an administrator of authenticators could have any secret among
 * NocoBase's variables sent to a gateway of their own.
 */
export function holdsVariable(value: unknown): boolean {
  // JSON itself has no `{{` outside a text.
  return (JSON.stringify(value) ?? '').includes('{{');
}
