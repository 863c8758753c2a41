import { printableLines } from '../printing/index.js';
import type { Io } from './io.js';

export { loadEnvFile } from './env-file.js';
export { terminalIo } from './io.js';

/**
 * One command.
 *
 * @returns its exit code: 0 all is well, 1 a problem was found or something was refused, 2 wrong usage; undefined where
 * the process goes on serving
 */
export async function run(args: readonly string[], io: Io): Promise<number | undefined> {
  const harmless: Io = {
    ...io,
    out: (text) => io.out(printableLines(text)),
    err: (text) => io.err(printableLines(text)),
  };
  // The way into production: nothing is loaded that serving does not need.
  if (args.length === 0 || (args.length === 1 && args[0] === 'start')) {
    const repeatHangUp = holdHangUps();
    const { start } = await import('./start.command.js');
    const code = await start(harmless);
    repeatHangUp();
    return code;
  }
  const { runProgram } = await import('./program.js');
  return runProgram(args, harmless, io.out);
}

/**
 * A `systemctl reload` just after `start` would end the process, and systemd takes that for a clean exit: nothing would
 * start it again. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#SuccessExitStatus=
 *
 * @returns sends the signal once more if it came, for those who listen for it by then
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
