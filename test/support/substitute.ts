/**
 * A configuration file as shipped, with the few machine-specific places replaced. A replacement that matches nothing is an error,
 * so that a test of something that is no longer shipped fails.
 */
export function substitute(shipped: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the shipped file does not have: ${from}`);
    return text.replaceAll(from, to);
  }, shipped);
}
