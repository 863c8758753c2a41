/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | readonly Html[] | string | number | undefined;

const SPECIAL = /[&<>"'`]/;
const ALL_SPECIAL = new RegExp(SPECIAL, 'g');

/** An HTML template: every inserted value is escaped, unless it is `Html`. `undefined` inserts nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0]!;
  for (let index = 0; index < parts.length; index += 1) text += render(parts[index]) + strings[index + 1]!;
  return new Html(text);
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  const text = String(part);
  return SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => `&#${character.charCodeAt(0)};`) : text;
}
