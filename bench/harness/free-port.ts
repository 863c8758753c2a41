import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A contestant's address is in its configuration before it starts. Tests and benchmarks find ports in the same way. */
export async function freePort(): Promise<number> {
  // npm runs its scripts in the repository's folder; a compiled file is in a different one than its source.
  const { href } = pathToFileURL(resolve('real-nocobase/free-port.mjs'));
  const module = (await import(href)) as { freePort: () => Promise<number> };
  return module.freePort();
}
