import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 180_000;

/**
 * Something that several suites need and that takes seconds to build: the first suite of the run that needs it builds it, in
 * whatever worker, and others wait for it.
 *
 * @param make fills the folder
 * @returns the folder
 */
export function oncePerRun(name: string, make: (folder: string) => void): string {
  const run = process.env['TEST_RUN_FOLDER'];
  if (run === undefined) throw new Error('there is no folder of the run: jest.config.mjs has a globalSetup for it');
  const folder = join(run, name);
  const [made, failed] = [`${folder}.made`, `${folder}.failed`];
  if (isFirst(folder)) {
    try {
      make(folder);
      writeFileSync(made, '');
    } catch (error) {
      writeFileSync(failed, '');
      throw error;
    }
  }
  for (let waitedMs = 0; !existsSync(made); waitedMs += 100) {
    if (existsSync(failed)) throw new Error(`another suite could not make: ${name}`);
    if (waitedMs > PATIENCE_MS) throw new Error(`another suite does not finish: ${name}`);
    // Suites wait here before their first test; this worker has nothing else to do.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  return folder;
}

/** Only one process can create the folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
