import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(__dirname, '..', 'scripts', 'footprint.mjs');

/** docs/performance.md, "Start-up and memory": each of them costs tens of milliseconds at the start and megabytes of an idle gateway. */
const ON_DEMAND = [
  'ioredis',
  'yaml',
  'ajv',
  'commander',
  'csv-parse',
  '@opentelemetry/sdk-trace-node',
  '@nestjs/swagger',
  'class-validator',
  'class-transformer',
];

describe('A gateway with minimal configuration', () => {
  it('does not load what only other configurations and commands need', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '1']);
    const packages = [...stdout.matchAll(/^ {2}(\S+) +\d+ modules/gm)].map(([, name]) => name);
    expect(packages).toEqual(expect.arrayContaining(['all', '@nestjs/core', 'zod']));
    expect(packages.filter((name) => ON_DEMAND.includes(String(name)))).toEqual([]);
  }, 60_000);
});
