import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { built } from './built.js';
import { TestNocoBase, type TestLaunchOptions } from './nocobase.js';
import { oncePerRun } from './once-per-run.js';

export const PLUGIN_PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** What the plugin is made from. */
const SOURCES = ['nocobase-plugin', 'src', 'client', 'scripts', 'package-lock.json', 'LICENSE'];

/** The plugin as `npm run plugin` packs it. */
export function packedPlugin(): string {
  const existing = built('dist/plugin.tgz', SOURCES);
  if (existing !== undefined) return existing;
  const build = resolve(__dirname, '../../nocobase-plugin/build.mjs');
  const folder = oncePerRun('plugin', (into) =>
    execFileSync(process.execPath, [build, into], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
}

/** A real NocoBase in which an administrator uploaded and enabled the plugin, in each of its applications. */
export async function launchWithPlugin(options: TestLaunchOptions = {}): Promise<TestNocoBase> {
  return TestNocoBase.launch(options, { file: packedPlugin(), packageName: PLUGIN_PACKAGE });
}
