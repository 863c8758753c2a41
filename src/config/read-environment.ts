import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { secretVariables } from './environment.decorators.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One line per problem; each names a variable and never its value. */
export class InvalidEnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InvalidEnvironmentError';
  }
}

/**
 * Reads one class of variables from the environment, checks it and freezes it. An empty variable counts as absent, as
 * Compose files write it; `NAME_FILE` stands in for a secret `NAME` and holds a path.
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
  const unreadable = new Set(problems.map(({ name }) => name));
  const lines = [
    ...problems.map(({ name, reason }) => `${name}_FILE ${reason}`),
    ...errors
      .filter(({ property }) => !unreadable.has(property))
      .flatMap(({ constraints }) => Object.values(constraints ?? {}).slice(0, 1)),
  ];
  if (lines.length > 0) throw new InvalidEnvironmentError(lines);
  return Object.freeze(instance);
}

/** Runs several readers and reports the problems of all of them together. */
export function readAll<T extends Record<string, () => unknown>>(
  readers: T,
): { readonly [Name in keyof T]: ReturnType<T[Name]> } {
  const problems = new Set<string>();
  const entries = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof InvalidEnvironmentError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      return [name, undefined];
    }
  });
  if (problems.size > 0) throw new InvalidEnvironmentError([...problems]);
  return Object.fromEntries(entries);
}

interface Problem {
  readonly name: string;
  readonly reason: string;
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
  for (const [name, readSecret] of secretVariables(type)) {
    const path = environment[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (values[name] !== undefined) {
      problems.push({ name, reason: `and ${name} are both set: keep one` });
      continue;
    }
    try {
      const secret = readSecret(readFileSync(path));
      if (secret.length === 0 || (typeof secret === 'string' && secret.trim() === '')) {
        problems.push({ name, reason: 'names a file that is empty' });
      } else {
        values[name] = secret;
      }
    } catch {
      problems.push({ name, reason: 'names a file that cannot be read' });
    }
  }
  return { values, problems };
}
