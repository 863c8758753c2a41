/** One instruction of a Dockerfile, with continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A stage: from its `FROM` to the next one. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** https://docs.docker.com/reference/dockerfile/, as far as this repository's file needs it: no heredoc, no ONBUILD. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const globals = new Map<string, string>();
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const { name, flags, text: rest } of lines.map(parseInstruction)) {
    if (name === 'FROM') {
      const [base = '', , alias] = expand(rest, globals).split(/\s+/);
      stages.push({ name: alias ?? String(stages.length), base, instructions: [] });
    } else if (stages.length === 0) {
      if (name !== 'ARG') throw new Error(`${name} stands before the first FROM`);
      const [variable = '', value = ''] = rest.split('=');
      globals.set(variable, value);
    } else {
      stages.at(-1)?.instructions.push({ name, flags, text: rest });
    }
  }
  return stages;
}

/** The words of the exec form; the shell form is refused, because a shell as process 1 does not forward signals. */
export function execForm(text: string): string[] {
  const words: unknown = JSON.parse(text);
  if (!Array.isArray(words) || words.some((word) => typeof word !== 'string')) throw new Error(`no exec form: ${text}`);
  return words as string[];
}

/** `NAME=value` and `NAME="value"` pairs of ENV and LABEL. */
export function pairs(text: string): Record<string, string> {
  const found = text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g);
  return Object.fromEntries([...found].map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
}

function parseInstruction(line: string): Instruction {
  const [, name = '', flagText = '', text = ''] = /^\s*(\w+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? [];
  const flags = [...flagText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = '', value = '']) => [flag, value]);
  return { name: name.toUpperCase(), flags: Object.fromEntries(flags) as Record<string, string>, text };
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables.get(name) ?? whole);
}
