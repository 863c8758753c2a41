import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { secretVariables, verbatimVariables } from './environment.decorators.js';
import { fileProblem } from './file-problem.js';
import { joined, ofVariable, type Text, text, TextError, verbatim } from '../core/texts/index.js';
import { oddity, tidy } from './tidy-value.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One line per problem; each names a variable and never its value. */
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

/** What is said of a setting, after its name. */
export function named(name: string, { en, zh }: Text): Text {
  return text(`${name} ${en}`, `${name} ${zh}`);
}

/**
 * Reads one class of variables from the environment, checks it and freezes it. An empty variable counts as absent, as
 * Compose files write it; `NAME_FILE` stands in for a secret `NAME` and holds a path. Blanks, line ends and a byte order mark
 * around a value are dropped, except where it is `Verbatim`.
 *
 * @throws InvalidEnvironmentError with every problem of that class
 */
export function readEnvironment<T extends object>(type: new () => T, environment: Environment): Readonly<T> {
  const { values, problems } = collect(type, environment);
  const instance = plainToInstance(type, values, { exposeDefaultValues: true, exposeUnsetFields: false });
  // `target` and `value` off: an error object that is printed by accident must not hold a secret.
  const errors = validateSync(instance, {
    stopAtFirstError: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  const unusable = new Set(problems.map(({ name }) => name));
  const lines = [
    ...problems.map(({ name, reason, isFile }) => named(`${name}${isFile ? '_FILE' : ''}`, reason)),
    ...errors
      .filter(({ property }) => !unusable.has(property))
      .flatMap(({ property, contexts }) => Object.values<Text>(contexts ?? {}).map((said) => named(property, said))),
  ];
  if (lines.length > 0) throw new InvalidEnvironmentError(lines);
  return Object.freeze(instance);
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

interface Problem {
  readonly name: string;
  readonly reason: Text;
  /** Whether it is one of `NAME_FILE`. */
  readonly isFile: boolean;
}

function collect(type: new () => object, environment: Environment): { values: object; problems: Problem[] } {
  // Nothing but the class's own variables: the environment holds other people's secrets, too.
  const names = new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map((rule) => rule.propertyName),
  );
  for (const name of Object.keys(new type())) names.add(name);
  const values = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => names.has(name) && value !== undefined && value.trim() !== '',
    ),
  ) as Record<string, string | Buffer>;
  const problems: Problem[] = [];
  const verbatim = verbatimVariables(type);
  const take = (name: string, value: string | Buffer, isFile: boolean): void => {
    if (typeof value !== 'string' || verbatim.has(name)) {
      values[name] = value;
      return;
    }
    const reason = oddity(tidy(value));
    if (reason === undefined) values[name] = tidy(value);
    else problems.push({ name, reason, isFile });
  };
  for (const [name, value] of Object.entries(values)) {
    delete values[name];
    take(name, value, false);
  }
  for (const [name, readSecret] of secretVariables(type)) {
    const path = environment[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (environment[name]?.trim()) {
      const reason = text(`and ${name} are both set: keep one`, `与 ${name} 同时设置：只能保留一个`);
      problems.push({ name, reason, isFile: true });
      continue;
    }
    try {
      const secret = readSecret(readFileSync(path));
      if (secret.length === 0 || (typeof secret === 'string' && secret.trim() === '')) {
        problems.push({ name, reason: ofVariable('names a file that is empty'), isFile: true });
      } else {
        take(name, secret, true);
      }
    } catch (error) {
      problems.push({ name, reason: fileProblem(path, error), isFile: true });
    }
  }
  return { values, problems };
}
