import type { LeaverMode } from '../core/leavers/index.js';
import type { PluginClient, PluginTarget } from '../plugin-client/index.js';

/** One authenticator at a NocoBase that has the plugin. */
export interface AtPlugin {
  readonly name: string;
  readonly target: PluginTarget;
}

/**
 * The leaver modes from the plugin's form, for ways to sign in that are configured at the gateway: the book is the
 * plugin's, so its administrator decides. While the plugin is unreachable the last mode stays; before the first one
 * nothing is watched.
 */
export class PluginModes {
  private readonly known = new Map<string, LeaverMode>();

  constructor(private readonly plugin: Pick<PluginClient, 'settingsWithoutSecrets'>) {}

  of({ name, target }: AtPlugin): LeaverMode | undefined {
    return this.known.get(nameOf(target, name));
  }

  /** @returns the errors of those that could not be read */
  async refresh(authenticators: readonly AtPlugin[]): Promise<readonly unknown[]> {
    const targets = new Map(authenticators.map(({ target }) => [nameOf(target, ''), target]));
    const failures = await Promise.all(
      [...targets.values()].map(async (target) => this.lookAt(target, authenticators)),
    );
    return failures.filter((failure) => failure !== undefined);
  }

  private async lookAt(target: PluginTarget, authenticators: readonly AtPlugin[]): Promise<unknown> {
    try {
      const { authenticators: forms } = await this.plugin.settingsWithoutSecrets(target);
      for (const { name, target: own } of authenticators) {
        if (nameOf(own, '') !== nameOf(target, '')) continue;
        // A plugin that sends no mode has no book, and one that does not know the name decides nothing.
        this.known.set(nameOf(target, name), forms.find((form) => form.name === name)?.leavers ?? 'off');
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

function nameOf({ url, app, apiBasePath }: PluginTarget, name: string): string {
  return JSON.stringify([url, app, apiBasePath, name]);
}
