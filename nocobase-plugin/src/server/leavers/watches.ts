import type { Application } from '@nocobase/server';
import { Paces, systemClock } from '../../../../src/core/dingtalk/index.js';
import type { Checked, LeaverWatch } from '../../../../src/core/leaver-watch/index.js';
import { EventListeners, EventStreams, type PushAnswer } from '../../../../src/core/organization-events/index.js';
import { MisconfiguredError } from '../../../../src/core/errors/index.js';
import type { KnownAuthenticator, KnownAuthenticators } from '../alone/known-authenticators.js';
import { Complaints } from '../complaints.js';
import { ownCalls } from '../own-calls.js';
import type { Settings } from '../settings.js';
import { isByGateway } from '../sign-in-by.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import type { Asked, Asks } from './admin.actions.js';
import type { Leavers } from './books.js';
import { keyOf, RunningWatch, type WatchHost } from './running-watch.js';

/** How long another node's changes may go unnoticed here; this node's own apply immediately. */
const LOOK_MS = 15_000;
/** How long an administrator waits for a check; afterwards the result appears as a report. */
const ASKING_MS = 10_000;

/**
 * The watches of this node: one for each enabled authenticator for which this NocoBase signs people in by itself, unless its mode
 * is `off`. Several nodes run the same watches; leases in the book decide which node does what only one should.
 */
export class Watches implements Asks {
  private readonly host: WatchHost;
  private readonly running = new Map<string, RunningWatch>();
  private readonly complaints = new Complaints();
  /** Serialized: a watch ends before the next one of its authenticator starts. */
  private work: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;
  private isStopped = false;

  constructor(
    private readonly app: Application,
    private readonly known: KnownAuthenticators,
    private readonly leavers: Leavers,
  ) {
    const listeners = new EventListeners();
    this.host = {
      app,
      http: ownCalls(),
      paces: new Paces(),
      listeners,
      streams: new EventStreams(ownCalls(), listeners),
      failed: (authenticator, step, error) => this.failed(authenticator, step, error),
    };
  }

  /** Runs from the application's start to its stop, even if the plugin is switched off. */
  watch(): void {
    const { app } = this;
    app.on('afterStart', async () => {
      this.isStarted = true;
      // A stopped application can be started again.
      this.isStopped = false;
      this.lookAgain();
    });
    app.on('beforeStop', async () => this.stop());
    for (const event of ['afterSave', 'afterDestroy', 'afterSaveWithAssociations']) {
      app.db.on(`authenticators.${event}`, async (_row, { transaction }) => {
        if (transaction === undefined) this.lookAgain();
        else transaction.afterCommit(() => this.lookAgain());
      });
    }
  }

  /** @returns undefined if no watch runs here, or not in time */
  async ask(authenticator: string, hintId: string, userId: number): Promise<Asked | undefined> {
    await this.work;
    const watch = this.running.get(authenticator)?.watch;
    if (watch === undefined) return undefined;
    const asked = this.answerOf(watch, authenticator, hintId, userId);
    const inTime = new AbortController();
    try {
      return await Promise.race([asked, systemClock.wait(ASKING_MS, inTime.signal, true).then(() => undefined)]);
    } finally {
      inTime.abort();
    }
  }

  private async answerOf(
    watch: LeaverWatch,
    authenticator: string,
    hintId: string,
    userId: number,
  ): Promise<Asked | undefined> {
    try {
      const [checked] = await watch.ask(userId);
      if (checked === undefined) return undefined;
      await this.leavers.of(authenticator).done([hintId]);
      return askedOf(checked);
    } catch (error) {
      // It is noted: the watch will process it later.
      this.failed(authenticator, 'hint', error);
      return undefined;
    }
  }

  /** A person without a known userid has signed in. @returns whether this node watches */
  met(authenticator: string, unionId: string): boolean {
    const watch = this.running.get(authenticator)?.watch;
    watch?.met(unionId);
    return watch !== undefined;
  }

  /** @returns undefined if this authenticator does not receive events by HTTP push */
  async receive(authenticator: string, received: { query: unknown; body: unknown }): Promise<PushAnswer | undefined> {
    return this.running.get(authenticator)?.push?.receive(received);
  }

  /** @returns the settings of an authenticator that receives events by HTTP push */
  takesPush(authenticator: string): Settings | undefined {
    const running = this.running.get(authenticator);
    return running?.push === undefined ? undefined : running.settings;
  }

  private lookAgain(): void {
    if (!this.isStarted || this.isStopped) return;
    clearTimeout(this.timer);
    this.work = this.work.then(async () => this.reconcile());
    void this.work.finally(() => {
      clearTimeout(this.timer);
      if (!this.isStopped) this.timer = setTimeout(() => this.lookAgain(), LOOK_MS).unref();
    });
  }

  /** Never rejects: a failure is repaired the next time. */
  private async reconcile(): Promise<void> {
    try {
      const all = this.isStopped ? [] : await this.known.list();
      const wanted = new Map(all.filter(isWatchedHere).map((one) => [one.name, one]));
      for (const [name, running] of this.running) {
        const now = wanted.get(name);
        if (now !== undefined && keyOf(now) === running.made) continue;
        this.running.delete(name);
        await running.stop();
        // Forgotten again, because the old watch may have written results while it was stopping.
        if (now !== undefined && now.clientId !== running.clientId)
          await this.leavers.of(name).members.forgetApplication();
      }
      for (const [name, authenticator] of wanted) {
        if (!this.running.has(name) && !this.isStopped) this.beginIfPossible(name, authenticator);
      }
      this.complaints.settle('');
    } catch (error) {
      this.complain('', error);
    }
  }

  private beginIfPossible(name: string, authenticator: KnownAuthenticator): void {
    try {
      this.running.set(name, new RunningWatch(authenticator, this.leavers.of(name), this.host));
      this.complaints.settle(name);
    } catch (error) {
      this.complain(name, error);
    }
  }

  /** Logged once for each reason, as it is retried every few seconds. */
  private complain(authenticator: string, error: unknown): void {
    const why = error instanceof MisconfiguredError ? (error.setting ?? error.code) : codeOf(error);
    if (!this.complaints.isNew(authenticator, why)) return;
    this.app.log.warn(LOG.watchNotStarted.en, { authenticator, why });
  }

  private async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.work;
    const running = [...this.running.values()];
    this.running.clear();
    await Promise.all(running.map(async (one) => one.stop()));
  }

  private failed(authenticator: string, step: string, error: unknown): void {
    this.app.log.warn(LOG.leaver.en, {
      event: 'dingtalk_leaver',
      what: 'failed',
      authenticator,
      step,
      why: codeOf(error),
    });
  }
}

function isWatchedHere({ settings, clientId, clientSecret }: KnownAuthenticator): boolean {
  return !isByGateway(settings) && settings.leavers !== 'off' && clientId !== '' && clientSecret !== '';
}

function askedOf({ finding, conclusion }: Checked): Asked {
  if (finding.kind === 'unclear') return { answer: 'unclear', why: finding.why, detail: finding.detail ?? null };
  return { answer: finding.kind === 'here' ? 'here' : (conclusion ?? 'gone'), why: null, detail: null };
}
