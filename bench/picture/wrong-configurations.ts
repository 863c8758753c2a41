import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | null>>;

/** `wrong-configurations.json`. A null removes a variable, or names a missing file. */
interface Table {
  readonly bases: Readonly<Record<string, Variables>>;
  /** On top of the base `stock`. */
  readonly missing: readonly string[];
  readonly oneValue: Readonly<Record<string, readonly string[]>>;
  readonly secretFiles: { readonly names: readonly string[]; readonly contents: readonly (string | null)[] };
  readonly authenticatorsFiles: readonly { readonly names: string; readonly text?: string; readonly file?: unknown }[];
  readonly together: readonly { readonly names: readonly string[]; readonly over: string; readonly set: Variables }[];
}

export interface WrongConfiguration {
  readonly title: string;
  /** What the answer must contain, one per line. */
  readonly names: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The wrong value, and secrets beside it: no answer shows them. */
  readonly values: readonly string[];
}

/** Output and exit code of the command `check` for a configuration. */
export type Check = (environment: Readonly<Record<string, string>>) => Promise<{ code: number; output: string }>;

/** @param folder for the files that some of them name */
export function wrongConfigurations(root: string, folder: string): WrongConfiguration[] {
  const table = JSON.parse(readFileSync(join(root, 'bench/picture/wrong-configurations.json'), 'utf8')) as Table;
  const over = (base: string, title: string, names: readonly string[], set: Variables): WrongConfiguration => {
    const environment = merged(table.bases[base] ?? {}, set);
    return { title: `${base}, ${title}`, names, environment, values: secretIn(environment, set) };
  };
  let files = 0;
  const fileOf = (content: string | null): string => {
    files += 1;
    const path = join(folder, `${files}.txt`);
    mkdirSync(folder, { recursive: true });
    if (content !== null) writeFileSync(path, content);
    return path;
  };
  return [
    ...table.missing.map((name) => over('stock', `no ${name}`, [name], { [name]: null })),
    ...Object.entries(table.oneValue).flatMap(([name, values]) =>
      values.map((value) => over('stock', `${name}=${JSON.stringify(value)}`, [name], { [name]: value })),
    ),
    ...table.secretFiles.names.flatMap((name) => [
      ...table.secretFiles.contents.map((content) =>
        over('stock', `${name}_FILE: ${JSON.stringify(content)}`, [`${name}_FILE`], {
          [name]: null,
          [`${name}_FILE`]: fileOf(content),
        }),
      ),
      over('stock', `${name} and ${name}_FILE`, [`${name}_FILE`], {
        [name]: 'canary-of-more-than-thirty-two-characters',
        [`${name}_FILE`]: fileOf('canary-of-more-than-thirty-two-characters'),
      }),
    ]),
    ...table.authenticatorsFiles.map(({ names, text, file }) => {
      const content = text ?? JSON.stringify(file);
      return over('stock', `AUTHENTICATORS_FILE: ${JSON.stringify(content)}`, [names], {
        AUTHENTICATORS_FILE: fileOf(content),
      });
    }),
    ...table.together.map(({ names, over: base, set }) => over(base, JSON.stringify(set), names, set)),
  ];
}

function merged(base: Variables, set: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...base, ...set }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** Short words such as `yes` occur in many sentences. */
function secretIn(environment: Readonly<Record<string, string>>, set: Variables): string[] {
  const secret = Object.entries(environment).filter(
    // The path of a file is not secret: the folder of a missing one is shown.
    ([name]) => (name in set || /SECRET|TOKEN/.test(name)) && !(name in set && name.endsWith('_FILE')),
  );
  return ['canary', ...secret.map(([, value]) => value)].filter((value) => value.length > 5);
}

/** The frozen answers, by title. */
export async function answersTo(
  configurations: readonly WrongConfiguration[],
  check: Check,
): Promise<Record<string, { code: number; output: string }>> {
  const answers: Record<string, { code: number; output: string }> = {};
  for (const { title, environment } of configurations) answers[title] = await check(environment);
  return answers;
}
