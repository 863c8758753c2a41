import type { Application } from '@nocobase/server';
import { onlyOrganization } from '../../../../src/core/accounts/index.js';
import {
  DingTalkDirectory,
  type DingTalkOptions,
  type Paces,
  systemClock,
  unshared,
} from '../../../../src/core/dingtalk/index.js';
import { LeaverWatch, WatchSchedule } from '../../../../src/core/leaver-watch/index.js';
import {
  type EventListeners,
  type EventStreams,
  PushReceiver,
  type StreamApplication,
} from '../../../../src/core/organization-events/index.js';
import type { UpstreamHttpClient } from '../../../../src/core/upstream/index.js';
import { applicationOf } from '../alone/application.js';
import { dingTalkEnvironment } from '../alone/dingtalk-environment.js';
import { readEventSecrets } from '../alone/event-environment.js';
import type { KnownAuthenticator } from '../alone/known-authenticators.js';
import type { Settings } from '../settings.js';
import { DETAIL, LOG } from '../texts.js';
import type { DatabaseLeaverBook } from './database-leaver-book.js';

/** Shared by the watches of a node. */
export interface WatchHost {
  readonly app: Application;
  readonly http: UpstreamHttpClient;
  readonly paces: Paces;
  readonly streams: EventStreams;
  readonly listeners: EventListeners;
  readonly failed: (authenticator: string, step: string, error: unknown) => void;
}

/** The watch of one authenticator on this node: its schedule, and how it receives events. */
export class RunningWatch {
  /** The settings that it was created from; if they change, it is recreated. */
  readonly made: string;
  readonly clientId: string;
  readonly settings: Settings;
  readonly watch: LeaverWatch;
  readonly push: PushReceiver | undefined;
  private readonly schedule: WatchSchedule;
  /** Stops receiving events. */
  private readonly leave: (() => Promise<void> | void) | undefined;

  /** @throws MisconfiguredError if NocoBase's environment has an invalid DingTalk setting */
  constructor(
    authenticator: KnownAuthenticator,
    private readonly book: DatabaseLeaverBook,
    private readonly host: WatchHost,
  ) {
    const { name, settings, clientId } = authenticator;
    const { app, http, paces, streams, listeners } = host;
    this.made = keyOf(authenticator);
    this.clientId = clientId;
    this.settings = settings;
    const options = applicationOf(app, authenticator, dingTalkEnvironment(process.env));
    const clock = systemClock;
    const observer = { failed: (step: string, error: unknown): void => host.failed(name, step, error) };
    const corpId = onlyOrganization(settings.corpIds);
    this.watch = new LeaverWatch({
      book,
      directory: new DingTalkDirectory({ http, tokens: unshared }, options, paces.of(clientId)),
      clock,
      clientId,
      observer,
      ...(corpId === undefined ? {} : { corpId }),
    });
    this.schedule = new WatchSchedule({ watch: this.watch, mode: settings.leavers, clientId, clock, observer });
    this.schedule.start();
    const { hear } = this.watch;
    if (settings.events === 'stream') {
      this.leave = streams.join(connectionOf(options), { hear, state: (state) => this.tell(state) });
    }
    if (settings.events === 'push') this.push = this.pushOf(authenticator, options);
    if (this.push !== undefined) this.leave = listeners.add(options, hear);
  }

  /** Finishes what has started; the rest stays in the book. */
  async stop(): Promise<void> {
    await this.leave?.();
    await this.schedule.stop();
    await this.watch.close();
  }

  private pushOf({ name, clientId, settings }: KnownAuthenticator, options: DingTalkOptions): PushReceiver | undefined {
    const secrets = readEventSecrets(process.env);
    if ('lacking' in secrets) {
      const lacking = secrets.lacking.join(', ');
      this.host.app.log.error(LOG.noEventSecrets.en, { authenticator: name, lacking });
      const detail = DETAIL.notFilledIn(lacking).en;
      this.tell({ trouble: { what: 'stream', why: 'credentials_refused', detail } });
      return undefined;
    }
    this.tell({ trouble: { what: 'stream', why: 'none' } });
    const { listeners } = this.host;
    const owners = [clientId, ...settings.corpIds];
    return new PushReceiver({ ...secrets, owners }, { listener: async (event) => listeners.tell(options, event) });
  }

  /** A report for administrators must not cause a failure. */
  private tell(state: Parameters<DatabaseLeaverBook['state']>[0]): void {
    const { book, host } = this;
    void book.state(state).catch((error: unknown) => host.failed(book.name, 'state', error));
  }
}

/** The settings that a connection depends on: authenticators of one application share it. */
function connectionOf({ apiUrl, clientId, clientSecret, timeoutMs, proxyUrl }: DingTalkOptions): StreamApplication {
  return { apiUrl, clientId, clientSecret, timeoutMs, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
}

export function keyOf({ settings, clientId, clientSecret }: KnownAuthenticator): string {
  return JSON.stringify([settings, clientId, clientSecret]);
}
