import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, residentBytes } from './process-statistics.js';

/** A program that is not listening by then never will. */
const START_MS = 30_000;
/** Resolution of a measured start time. */
const LOOK_EVERY_MS = 2;
const STOP_MS = 20_000;

/**
 * A program in a separate process, as its user would start it. Its output goes to a file: reading a pipe would cost the load
 * generator CPU time, and a writer blocks if nothing reads.
 */
export class Program {
  private constructor(
    readonly name: string,
    readonly url: string,
    readonly logFile: string,
    /** From the start of the process to its line "listening". */
    readonly startMs: number,
    private readonly child: ChildProcess,
  ) {}

  /**
   * @param script a JavaScript file that listens on PORT and then writes a line with the word "listening"
   * @throws Error with the end of its output if it does not
   */
  static async start(
    name: string,
    script: string,
    {
      environment,
      port,
      folder,
      flags = [],
    }: {
      environment: Readonly<Record<string, string>>;
      port: number;
      folder: string;
      /** Flags for Node. */
      flags?: readonly string[];
    },
  ): Promise<Program> {
    const logFile = join(folder, `${name.replace(/\W+/g, '-')}-${port}.log`);
    const log = openSync(logFile, 'w');
    const started = performance.now();
    const child = spawn(process.execPath, [...flags, script], {
      // Away from the reader's own .env file.
      cwd: folder,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...environment },
    });
    closeSync(log);
    const endWithUs = (): boolean => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.once('exit', () => process.off('exit', endWithUs));
    while (!readFileSync(logFile, 'utf8').includes('"listening"')) {
      if (child.exitCode !== null || performance.now() - started > START_MS) {
        child.kill('SIGKILL');
        throw new Error(`${name} did not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
      }
      await delay(LOOK_EVERY_MS);
    }
    return new Program(name, `http://127.0.0.1:${port}`, logFile, performance.now() - started, child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  residentBytes(): number {
    return residentBytes(this.pid);
  }

  /** Its complete output. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** @returns its exit code; undefined if a signal ended it */
  async stop(): Promise<number | undefined> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? undefined;
    const force = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
    clearTimeout(force);
    return this.child.exitCode ?? undefined;
  }
}
