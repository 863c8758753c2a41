import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bench } from '../harness/workload.js';

/** The part of `real-nocobase/launch.d.mts` that the benchmarks use. */
interface Launcher {
  readonly installRealNocoBase: (options: { onProgress: (line: string) => void }) => Promise<void>;
  readonly launchRealNocoBase: (options: LaunchOptions) => Promise<NocoBase>;
  readonly installPlugin: (nocobase: NocoBase, plugin: { file: string; packageName: string }) => Promise<void>;
}

export interface LaunchOptions {
  readonly authenticator: string;
  readonly database?: object | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

export interface NocoBase {
  readonly url: string;
  readonly api: string;
  readonly apiKey: string;
  readonly jwtSecret: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts real NocoBases, and installs NocoBase if it is missing. npm runs its scripts in the repository's folder. */
export async function launcher(bench: Pick<Bench, 'root' | 'say'>): Promise<Launcher> {
  const file = join(bench.root, 'real-nocobase/launch.mjs');
  const loaded = (await import(pathToFileURL(file).href)) as Launcher;
  await loaded.installRealNocoBase({ onProgress: (line) => bench.say(`  ${line}`) });
  return loaded;
}
