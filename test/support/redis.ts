import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.js';

/** A Redis of the test's own: a child process without persistence. */
export class TestRedis {
  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly program: string,
    private child: ChildProcess,
  ) {}

  static async start(program: string): Promise<TestRedis> {
    const port = await freePort();
    return new TestRedis(`redis://127.0.0.1:${port}`, port, program, await run(program, port));
  }

  /** Immediate, as with `kill -9`. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Again at the same address, empty. */
  async startAgain(): Promise<void> {
    this.child = await run(this.program, this.port);
  }
}

async function run(program: string, port: number): Promise<ChildProcess> {
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      if (/ready to accept connections/i.test(chunk.toString('utf8'))) resolve();
    });
  });
  return child;
}
