import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { oncePerRun } from './once-per-run.js';

const ROOT = resolve(__dirname, '../..');

/** `build/demo` and `build/bench`, both with `build/sandbox`: compiled one after another, and not while others run them. */
export function compileTools(): void {
  oncePerRun('tools', () => {
    for (const project of ['tsconfig.demo.json', 'tsconfig.bench.json']) {
      const compiler = resolve(ROOT, 'node_modules/typescript/bin/tsc');
      execFileSync(process.execPath, [compiler, '-p', project], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    }
  });
}
