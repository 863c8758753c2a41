import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpuSeconds } from '../harness/process-statistics.js';
import type { Addresses, Counts, Request, Setting } from './protocol.js';

/** The benchmark's handle on the double of DingTalk and NocoBase. */
export class Upstreams {
  private constructor(
    private readonly child: ChildProcess,
    readonly addresses: Addresses,
  ) {}

  /** @param script the compiled `double.ts` */
  static async start(script: string): Promise<Upstreams> {
    const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [addresses] = (await once(child, 'message')) as [Addresses];
    return new Upstreams(child, addresses);
  }

  async set(setting: Setting): Promise<void> {
    await this.ask({ kind: 'set', setting });
  }

  /** Calls and faults since the last time that this was called. */
  async counts(): Promise<Counts> {
    return this.ask({ kind: 'count' });
  }

  cpuSeconds(): number {
    return cpuSeconds(this.child.pid!);
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private async ask(request: Request): Promise<Counts> {
    const answer = once(this.child, 'message') as Promise<[Counts]>;
    this.child.send(request);
    return (await answer)[0];
  }
}
