import { type Pace, DingTalkDirectory, systemClock } from '../core/dingtalk/index.js';
import { LeaverWatch, type WatchObserver, WatchSchedule } from '../core/leaver-watch/index.js';
import type { LeaverBook, LeaverMode } from '../core/leavers/index.js';
import {
  type EventListeners,
  type EventStreams,
  type PushAnswer,
  PushReceiver,
} from '../core/organization-events/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';
import type { AuthenticatorSettings } from '../authenticators/index.js';
import { AppTokenStore, redirectUri } from '../dingtalk/index.js';
import type { RedisConnection } from '../shared-store/index.js';
import type { WatchLog } from './watch-log.js';

export interface WatchHost {
  readonly publicUrl: string;
  readonly redis: RedisConnection;
  /** Used by this watch only, so that its calls do not delay sign-ins. */
  readonly http: UpstreamHttpClient;
  readonly pace: Pace;
  readonly streams: EventStreams;
  readonly listeners: EventListeners;
  readonly log: WatchLog;
}

/** Asks DingTalk about people of one authenticator, and writes to its book. */
export function leaverWatch(
  { name, dingtalk }: Pick<AuthenticatorSettings, 'name' | 'dingtalk'>,
  book: LeaverBook,
  {
    publicUrl,
    redis,
    http,
    pace,
    log,
  }: Omit<WatchHost, 'streams' | 'listeners' | 'log'> & { readonly log: Partial<WatchObserver> },
): LeaverWatch {
  const callbackUrl = redirectUri({ publicUrl, authenticator: name });
  const application = { ...dingtalk, publicUrl, authenticator: name, callbackUrl };
  const [corpId, another] = dingtalk.corpIds;
  return new LeaverWatch({
    book,
    directory: new DingTalkDirectory({ http, tokens: new AppTokenStore(redis, application) }, application, pace),
    clock: systemClock,
    clientId: dingtalk.clientId,
    observer: log,
    // An application belongs to one organization; if several are listed, it is unknown which.
    ...(corpId === undefined || another !== undefined ? {} : { corpId }),
  });
}

/** The watch of one authenticator while that is active: its schedule, and DingTalk's events. */
export class RunningWatch {
  readonly watch: LeaverWatch;
  private readonly schedule: WatchSchedule;
  private readonly push: PushReceiver | undefined;
  /** Stops receiving events. */
  private readonly leave: (() => Promise<void> | void) | undefined;

  /** @param takesEvents whether noted hints outlive this process */
  constructor(
    settings: AuthenticatorSettings,
    book: LeaverBook,
    mode: LeaverMode,
    takesEvents: boolean,
    host: WatchHost,
  ) {
    const { dingtalk } = settings;
    const { clientId, corpIds, events, eventToken, eventAesKey } = dingtalk;
    const { log, streams, listeners } = host;
    this.watch = leaverWatch(settings, book, host);
    this.schedule = new WatchSchedule({ watch: this.watch, mode, clientId, clock: systemClock, observer: log });
    const { hear } = this.watch;
    if (takesEvents && events === 'stream') {
      log.state({ stream: 'disconnected' });
      this.leave = streams.join(dingtalk, {
        hear,
        state: (state) => {
          book.state(state).catch((error: unknown) => log.failed('state', error));
        },
      });
    }
    if (takesEvents && events === 'push' && eventToken !== undefined && eventAesKey !== undefined) {
      this.push = new PushReceiver(
        { token: eventToken, aesKey: eventAesKey, owners: [clientId, ...corpIds] },
        { listener: async (event) => listeners.tell(dingtalk, event), notice: log.pushed },
      );
      this.leave = listeners.add(dingtalk, hear);
    }
    this.schedule.start();
    this.watch
      .nightEndedAt()
      .then((at) => log.nightAt(at ?? Date.now()))
      .catch((error: unknown) => log.failed('night', error));
  }

  /** Receives a call from DingTalk; undefined if none is expected. */
  async receive(received: { readonly query: unknown; readonly body: unknown }): Promise<PushAnswer | undefined> {
    return this.push?.receive(received);
  }

  /** Running work is finished; the rest stays noted. */
  async stop(): Promise<void> {
    await this.leave?.();
    await this.schedule.stop();
    await this.watch.close();
  }
}
