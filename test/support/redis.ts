import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

const NO_FILE = ['--save', '', '--appendonly', 'no'];

/** A Redis of the test's own, in a child process. */
export class TestRedis {
  private constructor(
    readonly url: string,
    private readonly command: readonly [program: string, ...parameters: string[]],
    private readonly folder: string | undefined,
    private child: ChildProcess,
  ) {}

  /**
   * @param keeps whether it writes each change to disk before it answers; default: no persistence
   * @param more further parameters of redis-server
   */
  static async start(
    program: string,
    { keeps = false, more = [] }: { keeps?: boolean; more?: readonly string[] } = {},
  ): Promise<TestRedis> {
    const port = await freePort();
    const folder = keeps ? mkdtempSync(join(tmpdir(), 'redis-')) : undefined;
    const file = folder === undefined ? NO_FILE : ['--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always'];
    const command = [program, '--port', String(port), '--bind', '127.0.0.1', ...file, ...more] as const;
    return new TestRedis(`redis://127.0.0.1:${port}`, command, folder, await run(command));
  }

  /** Immediate, as with `kill -9`. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Again at the same address, with what it has persisted. */
  async startAgain(): Promise<void> {
    this.child = await run(this.command);
  }

  /** Deletes what it has persisted; only while it is stopped. */
  loseFile(): void {
    if (this.folder !== undefined) rmSync(join(this.folder, 'appendonlydir'), { recursive: true });
  }

  /** Stops it, and deletes its files. */
  async remove(): Promise<void> {
    await this.stop();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true });
  }
}

async function run([program, ...parameters]: readonly [string, ...string[]]): Promise<ChildProcess> {
  const child = spawn(program, parameters);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      if (/ready to accept connections/i.test(chunk.toString('utf8'))) resolve();
    });
  });
  return child;
}
