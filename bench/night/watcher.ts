import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Checked, Night, Ready } from './protocol.js';

/** The benchmark's handle on the process that runs the nightly check. */
export class Watcher {
  private constructor(
    private readonly child: ChildProcess,
    /** As configured in NocoBase: the address of the gateway that watches. */
    readonly url: string,
  ) {}

  /** @param script the compiled `watch.ts` */
  static async start(script: string): Promise<Watcher> {
    const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--expose-gc'] });
    const { url } = await answerOf<Ready>(child);
    return new Watcher(child, url);
  }

  async check(night: Night): Promise<Checked> {
    const checked = answerOf<Checked>(this.child);
    this.child.send(night);
    return checked;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}

/** @throws Error if it ends before it answers; it has printed the reason itself */
async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const done = new AbortController();
  try {
    const ended = once(child, 'exit', { signal: done.signal }).then(() => {
      throw new Error('the process that checks everyone has ended');
    });
    const [answer] = (await Promise.race([once(child, 'message', { signal: done.signal }), ended])) as [Answer];
    return answer;
  } finally {
    done.abort();
  }
}
