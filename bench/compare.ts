import { readFileSync } from 'node:fs';
import { comparison, resultFile } from './harness/comparison.js';

const [before, now] = process.argv.slice(2);
if (before === undefined || now === undefined) {
  console.error('usage: node build/bench/compare.js <older.json> <newer.json>');
  process.exit(2);
}
const read = (path: string) => resultFile.parse(JSON.parse(readFileSync(path, 'utf8')));
console.log(comparison(read(before), read(now)).join('\n'));
