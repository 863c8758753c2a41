import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installPlugin, type LaunchOptions } from '../../real-nocobase/launch.mjs';
import { TestNocoBase } from './nocobase.js';

export const PLUGIN_PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

let packed: string | undefined;

/** The plugin as `npm run plugin` packs it, once for each process. */
export function packedPlugin(): string {
  if (packed !== undefined) return packed;
  const folder = mkdtempSync(join(tmpdir(), 'packed-plugin-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const build = resolve(__dirname, '../../nocobase-plugin/build.mjs');
  execFileSync(process.execPath, [build, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  packed = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
  return packed;
}

/** A real NocoBase in which an administrator uploaded and enabled the plugin, in each of its applications. */
export async function launchWithPlugin(options: LaunchOptions = {}): Promise<TestNocoBase> {
  const nocobase = await TestNocoBase.launch(options);
  try {
    for (const app of ['main', ...(options.subApp === undefined ? [] : [options.subApp])]) {
      await installPlugin(nocobase, { file: packedPlugin(), packageName: PLUGIN_PACKAGE, app });
    }
    return nocobase;
  } catch (error) {
    await nocobase.stop();
    throw error;
  }
}
