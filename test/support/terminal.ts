import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { screenOf } from './screen.js';

/** A program in a pseudo-terminal (util-linux's `script`), as its user sees it. */
export class Terminal {
  private bytes = '';
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.bytes += chunk));
    this.ended = once(child, 'close');
  }

  static run(
    script: string,
    command: readonly string[],
    options: { cwd: string; env: Record<string, string> },
  ): Terminal {
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return new Terminal(
      spawn(script, ['-qefc', `stty cols 200 && exec ${quoted}`, '/dev/null'], {
        ...options,
        env: { TERM: 'xterm', SHELL: '/bin/sh', ...options.env },
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
  }

  get screen(): string {
    return screenOf(this.bytes);
  }

  /** Waits until this text is on the screen. */
  async shows(text: string | RegExp): Promise<void> {
    const isThere = (): boolean => (typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen));
    while (!isThere()) {
      const ended = await Promise.race([
        once(this.child.stdout!, 'data').then(() => false),
        this.ended.then(() => true),
      ]);
      if (ended && !isThere()) throw new Error(`never on the screen: ${String(text)}\n${this.screen}`);
    }
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** @returns the exit code */
  async end(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  kill(): void {
    this.child.kill();
  }
}
