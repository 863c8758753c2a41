#!/usr/bin/env node
import { complaint, loadEnvFile, run, terminalIo } from './cli/index.js';
import { holdYoungGeneration } from './young-generation.js';

const releaseYoungGeneration = holdYoungGeneration();

async function main(): Promise<number | undefined> {
  return run(process.argv.slice(2), terminalIo(loadEnvFile()));
}

main()
  .finally(releaseYoungGeneration)
  .then(
    // Without an exit code the gateway serves until a signal ends it; otherwise the command has ended.
    (code) => code !== undefined && process.stdout.write('', () => process.exit(code)),
    (error: unknown) => {
      process.stderr.write(complaint(error, process.argv.slice(2)));
      process.exit(1);
    },
  );
