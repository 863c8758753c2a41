import { filledIn, joined, type Text, text, TextError, verbatim } from '../core/texts/index.js';
import type { Problem } from '../core/settings/index.js';

/** One line per problem; each names a setting and never its value. */
export class InvalidEnvironmentError extends TextError {
  /** For logs and programs. */
  readonly problems: readonly string[];
  /** For people. */
  readonly texts: readonly Text[];

  constructor(problems: readonly (string | Text)[]) {
    const texts = problems.map((problem) => (typeof problem === 'string' ? verbatim(problem) : problem));
    super(joined(texts, '\n'));
    this.name = 'InvalidEnvironmentError';
    this.texts = texts;
    this.problems = texts.map(({ en }) => en);
  }
}

/** A message about a setting, with its name. */
export function named(name: string, { en, zh }: Text): Text {
  return text(`${name} ${en}`, `${name} ${zh}`);
}

/** @param isFile whether to name the file that contains its value */
export type Name = (key: string, isFile: boolean) => string;

/** A problem with the edge's names for settings, including those within its message. */
export function worded({ key, said, isFile }: Problem, name: Name): Text {
  return named(
    name(key, isFile),
    filledIn(said, (other) => name(other.replace('_FILE', ''), other.endsWith('_FILE'))),
  );
}

/** Runs several readers and reports the problems of all of them together. */
export function readAll<T extends Record<string, () => unknown>>(
  readers: T,
): { readonly [Name in keyof T]: ReturnType<T[Name]> } {
  const problems = new Map<string, Text>();
  const entries = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof InvalidEnvironmentError)) throw error;
      for (const problem of error.texts) problems.set(problem.en, problem);
      return [name, undefined];
    }
  });
  if (problems.size > 0) throw new InvalidEnvironmentError([...problems.values()]);
  return Object.fromEntries(entries);
}
