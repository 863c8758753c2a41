import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A contestant's address stands in its configuration before it starts. One way to find a port, for tests and benchmarks. */
export async function freePort(): Promise<number> {
  // npm runs its scripts in the repository's folder; a compiled file is in another one than its source.
  const { href } = pathToFileURL(resolve('real-nocobase/free-port.mjs'));
  const module = (await import(href)) as { freePort: () => Promise<number> };
  return module.freePort();
}
