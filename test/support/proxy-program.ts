import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const READY_TIMEOUT_MS = 10_000;

/** A reverse proxy as a child process in the foreground; it is ready when its port takes connections. */
export class ProxyProgram {
  private constructor(private readonly child: ChildProcess) {}

  static async start(program: string, parameters: readonly string[], port: number): Promise<ProxyProgram> {
    const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.once('error', (error) => (said += error.message));
    for (const deadline = Date.now() + READY_TIMEOUT_MS; !(await takesConnections(port)); await delay(50)) {
      if (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) continue;
      child.kill('SIGKILL');
      throw new Error(`${program} does not listen on port ${port}:\n${said}`);
    }
    return new ProxyProgram(child);
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
