import { isDeepStrictEqual } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Authenticators, DingTalkAuthenticator } from '../dingtalk/index.js';
import { UpstreamHttpClient } from '../upstream/index.js';
import type { AuthenticatorSettings, ConfiguredAuthenticators } from './authenticator-settings.js';
import { type SharedByAuthenticators, SignInModule } from './sign-in.module.js';

interface Entry {
  readonly settings: AuthenticatorSettings;
  readonly authenticator: DingTalkAuthenticator;
  readonly context: INestApplicationContext;
}

type Entries = readonly [Entry, ...Entry[]];

/**
 * The ways to sign in that are in force. Each is a Nest application context of its own: its rooms know of one DingTalk
 * application and one NocoBase only. Replacing them touches no sign-in that runs: it holds on to the one it started
 * with, which has nothing to close but idle connections that end by themselves.
 */
export class AuthenticatorRegistry extends Authenticators {
  private constructor(
    private entries: Entries,
    private readonly shared: SharedByAuthenticators,
  ) {
    super();
  }

  static async create(
    settings: ConfiguredAuthenticators,
    shared: SharedByAuthenticators,
  ): Promise<AuthenticatorRegistry> {
    return new AuthenticatorRegistry(await build(settings, shared, []), shared);
  }

  override all(): readonly [DingTalkAuthenticator, ...DingTalkAuthenticator[]] {
    const [first, ...others] = this.entries;
    return [first.authenticator, ...others.map(({ authenticator }) => authenticator)];
  }

  /** All or nothing; what did not change stays, with what it has cached. @returns the names of those that are new */
  async replace(settings: ConfiguredAuthenticators): Promise<readonly string[]> {
    const before = this.entries;
    this.entries = await build(settings, this.shared, before);
    for (const entry of before) if (!this.entries.includes(entry)) retire(entry);
    return this.entries.filter((entry) => !before.includes(entry)).map((entry) => entry.settings.name);
  }
}

async function build(
  settings: ConfiguredAuthenticators,
  shared: SharedByAuthenticators,
  known: readonly Entry[],
): Promise<Entries> {
  const [first, ...others] = await Promise.all(
    settings.map(async (wanted): Promise<Entry> => {
      const unchanged = known.find((entry) => isDeepStrictEqual(entry.settings, wanted));
      return unchanged ?? start(wanted, shared);
    }),
  );
  return [first!, ...others];
}

async function start(settings: AuthenticatorSettings, shared: SharedByAuthenticators): Promise<Entry> {
  const context = await NestFactory.createApplicationContext(SignInModule.register(settings, shared), {
    abortOnError: false,
  });
  return { settings, context, authenticator: context.get(DingTalkAuthenticator, { strict: false }) };
}

/** Not closed: sign-ins that run go on with it. */
function retire({ context }: Entry): void {
  context.get(UpstreamHttpClient, { strict: false }).retire();
}
