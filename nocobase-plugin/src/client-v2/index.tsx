import { Plugin, useApp } from '@nocobase/client-v2';
import { AuthenticatorsContext } from '@nocobase/plugin-auth/client-v2';
import React, { useContext, useMemo } from 'react';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/addresses.js';
import type { PublicAuthenticator } from '../client-shared/client-app.js';
import { LEAVERS_PAGE } from '../client-shared/leavers/place.js';
import { LeaversPage } from '../client-shared/leavers/page.js';
import { SignInButton } from '../client-shared/sign-in-button.js';
import { noticeSignOut } from '../client-shared/signed-out.js';
import { NAMESPACE } from '../client-shared/text.js';
import { SettingsForm } from './settings-form.js';

/** The part of `@nocobase/plugin-auth` that is used here. Its loaders are for lazily loaded code; this code is already loaded. */
interface AuthPlugin {
  registerType(type: string, loaders: Readonly<Record<string, () => Promise<{ default: unknown }>>>): void;
}

/** The plugin in NocoBase's new client, `/v/`. */
export default class DingTalkClient extends Plugin {
  override async load(): Promise<void> {
    noticeSignOut(this.app);
    const auth = this.app.pm.get('@nocobase/plugin-auth') as AuthPlugin;
    auth.registerType(AUTH_TYPE, {
      signInButtonLoader: async () => ({ default: Button }),
      adminSettingsFormLoader: async () => ({ default: SettingsForm }),
    });
    const { menu, key, title, ...page } = LEAVERS_PAGE;
    this.app.pluginSettingsManager.addPageTabItem({
      ...page,
      menuKey: menu,
      key,
      title: this.app.i18n.t(title, { ns: NAMESPACE }),
      Component: Leavers,
    });
  }
}

function Leavers() {
  return <LeaversPage app={useApp()} />;
}

function Button({ authenticator }: { authenticator: PublicAuthenticator }) {
  const app = useApp();
  const client = useMemo(() => ({ app, isNew: true }), [app]);
  const first = useContext(AuthenticatorsContext).find(({ authType }) => authType === AUTH_TYPE);
  return <SignInButton client={client} authenticator={authenticator} isFirst={first?.name === authenticator.name} />;
}
