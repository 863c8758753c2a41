// Runs npm scripts in parallel, and prints each one's output in one piece when it ends. Exits with 1 if any of them failed.
//   node scripts/together.mjs check build
import { spawn } from 'node:child_process';

async function run(script) {
  const windows = process.platform === 'win32';
  const started = performance.now();
  const child = spawn(windows ? 'npm.cmd' : 'npm', ['run', script], { shell: windows });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', resolve);
  });
  process.stdout.write(Buffer.concat(chunks));
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${script}: ${code === 0 ? 'done' : 'FAILED'} after ${seconds} s\n`);
  return code === 0;
}

const succeeded = await Promise.all(process.argv.slice(2).map(run));
process.exit(succeeded.every(Boolean) ? 0 : 1);
