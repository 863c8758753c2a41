import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Environment } from '../config/index.js';
import type { EnvFile } from './env-file.js';
import { TEXTS } from './texts.js';
import { UsageError } from './usage.error.js';
import type { Lang, Text } from '../core/texts/index.js';

/** A command's access to its environment and streams, and its language. */
export interface Io extends Surroundings {
  readonly lang: Lang;
}

export interface Surroundings {
  readonly environment: Environment;
  /** The part of the environment that a file in the current folder set. */
  readonly envFile?: EnvFile;
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, prompts and errors. */
  readonly err: (text: string) => void;
  readonly colours: boolean;
  /** Whether a person sees progress and prompts. */
  readonly isTerminal?: boolean;
  /** @throws UsageError if no person can answer */
  readonly ask: (question: string, options?: { hidden?: boolean }) => Promise<string>;
}

/** The process's own streams. Colours only on a terminal, and not with NO_COLOR (https://no-color.org). */
export function terminalIo(envFile: EnvFile): Surroundings {
  return {
    environment: process.env,
    envFile,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY && !process.env['NO_COLOR'],
    isTerminal: process.stderr.isTTY,
    ask,
  };
}

/** A question that only a person can confirm; without a terminal the answer is no. */
export async function confirmed({ ask: put, lang }: Io, question: Text): Promise<boolean> {
  const answer = await put(question[lang]).catch((error: unknown) => {
    if (error instanceof UsageError) return '';
    throw error;
  });
  return /^y(es)?$/i.test(answer);
}

let lines: AsyncIterator<string> | undefined;

async function ask(question: string, { hidden = false } = {}): Promise<string> {
  const answer = process.stdin.isTTY ? await typed(question, hidden) : await nextLine(question, hidden);
  if (answer === undefined) throw new UsageError(TEXTS.nobodyToAnswer);
  return answer.trim();
}

async function typed(question: string, hidden: boolean): Promise<string | undefined> {
  // `readline` redraws its line from the first column on every change, so the prompt must be part of it, or it would be
  // erased at once. Hidden input is not drawn at all; its prompt is written here, once the terminal is in raw mode,
  // because until then the terminal echoes input.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  });
  if (hidden) process.stderr.write(question);
  return new Promise((resolve) => {
    terminal.once('close', () => {
      if (hidden) process.stderr.write('\n');
      resolve(undefined);
    });
    terminal.question(hidden ? '' : question, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}

/** One reader for all prompts: a second one would miss lines that the first has read ahead. */
async function nextLine(question: string, hidden: boolean): Promise<string | undefined> {
  process.stderr.write(question);
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (hidden) process.stderr.write('\n');
  return done ? undefined : value;
}
