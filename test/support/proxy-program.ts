import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const READY_TIMEOUT_MS = 10_000;

export interface ProxyTargets {
  /** Origin of NocoBase. */
  readonly nocobase: string;
  /** Where the gateway listens. */
  readonly gatewayPort: number;
  /** Further changes to the shipped file, such as a common mistake. */
  readonly changes?: Readonly<Record<string, string>>;
}

/** A reverse proxy on a free port of this machine. */
export interface Proxy {
  readonly origin: string;
  /** What it has logged about requests, in any log. */
  readonly log: string;
  stop(): Promise<void>;
}

/** A reverse proxy as a child process in the foreground; it is ready when its port accepts connections. */
export class ProxyProgram {
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    child.once('error', (error) => (this.output += error.message));
  }

  /** Its output on standard error. */
  get said(): string {
    return this.output;
  }

  static async start(
    program: string,
    parameters: readonly string[],
    port: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ProxyProgram> {
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const endWithTest = () => child.kill('SIGTERM'); // a failed test did not stop it
    process.once('exit', endWithTest);
    child.once('exit', () => process.off('exit', endWithTest));
    const running = new ProxyProgram(child);
    for (const deadline = Date.now() + READY_TIMEOUT_MS; !(await takesConnections(port)); await delay(50)) {
      if (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) continue;
      child.kill('SIGKILL');
      throw new Error(`${program} does not listen on port ${port}:\n${running.said}`);
    }
    return running;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
