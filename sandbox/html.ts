/** Markup that is already safe. Only the `html` tag creates it. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | Html | Html[];

/** A template in which every value is escaped unless it was created by `html`. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.map((part, index) => part + render(values[index] ?? '')).join(''));
}

function render(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return value.map(render).join('');
  return escape(value);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
