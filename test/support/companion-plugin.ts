import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPlugin } from '../../real-nocobase/launch.mjs';
import type { TestNocoBase } from './nocobase.js';

const PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';
const ROOT = join(__dirname, '../..');

let packed: Promise<string> | undefined;

/** Gives a NocoBase our plugin, as it is in this folder now, by the way that administrators have: upload, activate. */
export async function addCompanionPlugin(nocobase: TestNocoBase, app = 'main'): Promise<void> {
  await installPlugin(nocobase, { file: await pack(), packageName: PACKAGE, app });
}

/** Built once for each suite. */
async function pack(): Promise<string> {
  packed ??= build();
  return packed;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'companion-plugin-'));
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'nocobase-plugin/build.mjs'), folder]);
  return stdout.trim();
}
