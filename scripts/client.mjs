// Bundles the gateway's browser scripts: one file for each page, everything from our own origin, nothing loaded later.
//   node scripts/client.mjs [folder]     default: dist/assets
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForBrowsers } from './browser-bundle.mjs';

const PAGES = ['in-app', 'front-door', 'scan-widget', 'hand-off-page', 'page-title'];
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../dist/assets', import.meta.url)));

mkdirSync(folder, { recursive: true });
for (const page of PAGES) writeFileSync(join(folder, `${page}.js`), await bundleForBrowsers(page));
