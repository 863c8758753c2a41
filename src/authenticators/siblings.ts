import { onlyOrganization } from '../core/accounts/index.js';
import type { NocoBaseTarget } from '../nocobase-client/index.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';

/** What authenticators know about each other, as currently configured. */
export class Siblings {
  constructor(public settings: readonly AuthenticatorSettings[]) {}

  /** The only organization of the named authenticator at this NocoBase. */
  organizationOf(name: string, { url, app }: Pick<NocoBaseTarget, 'url' | 'app'>): string | undefined {
    const found = this.settings.find(
      (one) => one.name === name && one.nocobase.url === url && one.nocobase.app === app,
    );
    return onlyOrganization(found?.dingtalk.corpIds ?? []);
  }
}
