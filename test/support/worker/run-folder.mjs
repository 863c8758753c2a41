import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function makeRunFolder() {
  process.env.TEST_RUN_FOLDER = mkdtempSync(join(tmpdir(), 'test-run-'));
  cpSync(process.env.FIN2_PLUGIN, join(process.env.TEST_RUN_FOLDER, 'plugin'), { recursive: true });
  writeFileSync(join(process.env.TEST_RUN_FOLDER, 'plugin.made'), '');
}
