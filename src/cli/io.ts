import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Environment } from '../config/index.js';
import { UsageError } from './usage.error.js';

/** What a command may know of its surroundings, and how it speaks. */
export interface Io {
  readonly environment: Environment;
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, questions and complaints. */
  readonly err: (text: string) => void;
  readonly colours: boolean;
  /** @throws UsageError when nobody is there to answer */
  readonly ask: (question: string, options?: { hidden?: boolean }) => Promise<string>;
}

/** The process's own streams. Colours only on a terminal, and not with NO_COLOR (https://no-color.org). */
export function terminalIo(): Io {
  return {
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY && !process.env['NO_COLOR'],
    ask,
  };
}

let lines: AsyncIterator<string> | undefined;

async function ask(question: string, { hidden = false } = {}): Promise<string> {
  process.stderr.write(question);
  const answer = process.stdin.isTTY ? await typed(hidden) : await nextLine();
  if (hidden) process.stderr.write('\n');
  if (answer === undefined) throw new UsageError('There is nobody to answer: set the variable instead (see --help).');
  return answer.trim();
}

async function typed(hidden: boolean): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(undefined));
    terminal.question('', (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}

/** One reader for all questions: a second one would miss the lines that the first has read ahead. */
async function nextLine(): Promise<string | undefined> {
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  return done ? undefined : value;
}
