import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Browser } from './browser.js';

/** Exists after `npm run build`. */
export const MAIN = join(__dirname, '../..', 'dist', 'main.js');

/** A start takes half a second, but on a busy machine much longer. */
const START_PATIENCE_MS = 60_000;

/** The gateway as an operator runs it. */
export class GatewayProcess {
  output = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  private constructor(
    readonly url: string,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    }
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  static async start(environment: Record<string, string>, port: number): Promise<GatewayProcess> {
    const url = `http://127.0.0.1:${port}`;
    const env = {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
      ...environment,
    };
    if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first, as `npm test` does');
    // Another folder, so that a developer's `.env` is not read.
    const child = spawn(process.execPath, [MAIN], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] });
    const made = new GatewayProcess(url, child);
    const deadline = performance.now() + START_PATIENCE_MS;
    while (!made.output.includes('"listening"')) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`no start: ${made.output}`);
      await delay(20);
    }
    return made;
  }

  /** How it ended; 'still running' after this time. */
  async endsWithin(milliseconds: number): Promise<{ code: number | null; signal: string | null } | 'still running'> {
    return Promise.race([this.ended, delay(milliseconds, 'still running' as const)]);
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async health(which: 'live' | 'ready'): Promise<number> {
    return (await new Browser().get(`${this.url}/health/${which}`)).status;
  }

  async becomesReady(): Promise<boolean> {
    for (let i = 0; i < 60; i += 1) {
      if ((await this.health('ready')) === 200) return true;
      await delay(100);
    }
    return false;
  }
}
