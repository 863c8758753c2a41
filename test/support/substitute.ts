/**
 * A configuration file as shipped, with the few places that belong to one machine replaced. What a replacement looks for
 * must be there: a test of something that is not shipped any more fails here.
 */
export function substitute(shipped: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the shipped file does not have: ${from}`);
    return text.replaceAll(from, to);
  }, shipped);
}
