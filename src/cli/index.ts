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
    const { start } = await import('./start.command.js');
    return start(harmless);
  }
  const { runProgram } = await import('./program.js');
  return runProgram(args, harmless, io.out);
}
