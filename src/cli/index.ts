import { printableLines } from '../printing/index.js';
import { languageIn, TextError } from '../core/texts/index.js';
import { TEXTS } from './texts.js';
import type { Io, Surroundings } from './io.js';

export { loadEnvFile } from './env-file.js';
export { terminalIo } from './io.js';

/**
 * Runs one command.
 *
 * @returns its exit code: 0 success, 1 a problem was found or an action was refused, 2 wrong usage; undefined if the
 *   process continues to serve
 */
export async function run(args: readonly string[], io: Surroundings): Promise<number | undefined> {
  const { lang, rest } = languageIn(args, io.environment);
  const harmless: Io = {
    ...io,
    lang,
    out: (text) => io.out(printableLines(text)),
    err: (text) => io.err(printableLines(text)),
  };
  // The production path: loads nothing that serving does not need.
  if (rest.length === 0 || (rest.length === 1 && rest[0] === 'start')) {
    const repeatHangUp = holdHangUps();
    const { start } = await import('./start.command.js');
    const code = await start(harmless);
    repeatHangUp();
    return code;
  }
  const { runProgram } = await import('./program.js');
  return runProgram(rest, harmless, io.out);
}

/** The message if not even a command could start. */
export function complaint(error: unknown, args: readonly string[]): string {
  const { lang } = languageIn(args, process.env);
  if (error instanceof TextError) return `${error.text[lang]}\n`;
  return `${error instanceof Error ? error.message : TEXTS.unexpected[lang]}\n`;
}

/**
 * A `systemctl reload` just after `start` would end the process, and systemd takes that for a clean exit, so it would
 * not restart it. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#SuccessExitStatus=
 *
 * @returns repeats the signal, if it arrived, for listeners registered by then
 */
function holdHangUps(): () => void {
  let hasCome = false;
  let isHeld = true;
  process.on('SIGHUP', () => (hasCome ||= isHeld));
  return () => {
    isHeld = false;
    if (hasCome) process.emit('SIGHUP', 'SIGHUP');
  };
}
