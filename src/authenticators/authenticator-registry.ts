import { isDeepStrictEqual } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Authenticators, DingTalkAuthenticator } from '../dingtalk/index.js';
import type { GatewayError, MisconfiguredError } from '../core/errors/index.js';
import type { Telemetry } from '../telemetry/index.js';
import { UpstreamHttpClient } from '../core/upstream/index.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import { Siblings } from './siblings.js';
import { type SharedByAuthenticators, SignInModule } from './sign-in.module.js';

interface Entry {
  readonly settings: AuthenticatorSettings;
  readonly authenticator: DingTalkAuthenticator;
  readonly context: INestApplicationContext;
}

/** By their names. */
export interface Replaced {
  /** New, or with changed settings. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * The active authenticators. Each is a separate Nest application context: its rooms know only one DingTalk application
 * and one NocoBase. Replacing them does not affect running sign-ins: each keeps the context it started with, which has
 * nothing to close but idle connections that end by themselves.
 */
export class AuthenticatorRegistry extends Authenticators {
  private problem: GatewayError | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly sessionProblems = new Map<string, MisconfiguredError>();

  private constructor(
    private entries: readonly Entry[],
    private readonly shared: SharedByAuthenticators,
    private readonly siblings: Siblings,
    private readonly telemetry: Telemetry,
  ) {
    super();
    this.tellTelemetry();
  }

  static async create(
    settings: readonly AuthenticatorSettings[],
    shared: SharedByAuthenticators,
    telemetry: Telemetry,
  ): Promise<AuthenticatorRegistry> {
    const siblings = new Siblings(settings);
    return new AuthenticatorRegistry(await build(settings, shared, siblings, []), shared, siblings, telemetry);
  }

  override all(): readonly DingTalkAuthenticator[] {
    return this.entries.map(({ authenticator }) => authenticator);
  }

  override get trouble(): GatewayError | undefined {
    return this.problem;
  }

  /** @param problem why they are not, or may not be, up to date; undefined: no problem */
  report(problem: GatewayError | undefined): void {
    this.problem = problem;
  }

  override sessionTroubleOf(name: string): MisconfiguredError | undefined {
    return this.sessionProblems.get(name);
  }

  reportSession(name: string, problem: MisconfiguredError | undefined): void {
    if (problem === undefined) this.sessionProblems.delete(name);
    else this.sessionProblems.set(name, problem);
  }

  settingsOf(name: string): AuthenticatorSettings | undefined {
    return this.entries.find(({ settings }) => settings.name === name)?.settings;
  }

  /** Called after each change of the active authenticators. */
  onReplaced(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** All or nothing; unchanged ones stay, with their caches. */
  async replace(settings: readonly AuthenticatorSettings[]): Promise<Replaced> {
    const before = this.entries;
    this.entries = await build(settings, this.shared, this.siblings, before);
    this.siblings.settings = settings;
    for (const entry of before) {
      if (this.entries.includes(entry)) continue;
      retire(entry);
      this.sessionProblems.delete(entry.settings.name);
    }
    this.tellTelemetry();
    const changed = this.entries.filter((entry) => !before.includes(entry)).map((entry) => entry.settings.name);
    const removed = before.map((entry) => entry.settings.name).filter((name) => this.settingsOf(name) === undefined);
    for (const listener of this.listeners) listener();
    return { changed, removed };
  }

  private tellTelemetry(): void {
    this.telemetry.count((metrics) => metrics.authenticatorsInForce(this.entries.map(({ settings }) => settings.name)));
  }
}

async function build(
  settings: readonly AuthenticatorSettings[],
  shared: SharedByAuthenticators,
  siblings: Siblings,
  known: readonly Entry[],
): Promise<readonly Entry[]> {
  return Promise.all(
    settings.map(async (wanted): Promise<Entry> => {
      const unchanged = known.find((entry) => isDeepStrictEqual(entry.settings, wanted));
      return unchanged ?? start(wanted, shared, siblings);
    }),
  );
}

async function start(
  settings: AuthenticatorSettings,
  shared: SharedByAuthenticators,
  siblings: Siblings,
): Promise<Entry> {
  const context = await NestFactory.createApplicationContext(SignInModule.forRoot({ ...shared, settings, siblings }), {
    abortOnError: false,
  });
  return { settings, context, authenticator: context.get(DingTalkAuthenticator, { strict: false }) };
}

/** Not closed: running sign-ins continue with it. */
function retire({ context }: Entry): void {
  context.get(UpstreamHttpClient, { strict: false }).retire();
}
