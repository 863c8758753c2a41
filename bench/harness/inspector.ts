import { setTimeout as delay } from 'node:timers/promises';
import { fetch, WebSocket } from 'undici';
import { freePort } from './free-port.js';
import type { Program } from './program.js';

const PATIENCE_MS = 10_000;

/**
 * Inspects a Node process through its debugger's protocol (https://chromedevtools.github.io/devtools-protocol/v8/), which a running
 * process opens on SIGUSR1 (https://nodejs.org/api/process.html#signal-events).
 */
export class Inspector {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Flags for the process to inspect, and its port: Node's own default may be in use. */
  static async flags(): Promise<{ flags: readonly string[]; port: number }> {
    const port = await freePort();
    return { flags: [`--inspect-port=127.0.0.1:${port}`], port };
  }

  static async attach({ pid }: Program, port: number): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await addressAt(port));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  /** @returns bytes that are still in use after a full garbage collection */
  async heldBytes(): Promise<number> {
    await this.call('HeapProfiler.collectGarbage');
    return (await this.call<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize;
  }

  /** @returns addresses of the files that the process has loaded, without Node's own */
  async loadedFiles(): Promise<string[]> {
    const files = new Set<string>();
    const listener = ({ data }: { data: unknown }): void => {
      const { method, params } = JSON.parse(String(data)) as { method?: string; params?: { url?: string } };
      const { url = '' } = method === 'Debugger.scriptParsed' ? (params ?? {}) : {};
      if (/^(?:file:|\/)/.test(url)) files.add(url.replace(/^file:\/\//, ''));
    };
    this.socket.addEventListener('message', listener);
    // V8 names every loaded script before it answers.
    await this.call('Debugger.enable');
    this.socket.removeEventListener('message', listener);
    return [...files];
  }

  close(): void {
    this.socket.close();
  }

  private async call<Result>(method: string): Promise<Result> {
    const id = (this.lastId += 1);
    return new Promise((resolve) => {
      const listener = ({ data }: { data: unknown }): void => {
        const message = JSON.parse(String(data)) as { id?: number; result: Result };
        if (message.id !== id) return;
        this.socket.removeEventListener('message', listener);
        resolve(message.result);
      };
      this.socket.addEventListener('message', listener);
      this.socket.send(JSON.stringify({ id, method }));
    });
  }
}

async function addressAt(port: number): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as [
        { webSocketDebuggerUrl: string },
      ];
      return target.webSocketDebuggerUrl;
    } catch (error) {
      // It opens a moment after the signal.
      if (performance.now() > until) throw error;
      await delay(50);
    }
  }
}
