import { Plugin, useApp } from '@nocobase/client';
import { AuthenticatorsContext } from '@nocobase/plugin-auth/client';
import React, { useContext, useMemo } from 'react';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/addresses.js';
import type { PublicAuthenticator } from '../client-shared/client-app.js';
import { LEAVERS_PAGE } from '../client-shared/leavers/place.js';
import { LeaversPage } from '../client-shared/leavers/page.js';
import { SignInButton } from '../client-shared/sign-in-button.js';
import { noticeSignOut } from '../client-shared/signed-out.js';
import { NAMESPACE } from '../client-shared/text.js';
import { SettingsForm } from './settings-form.js';

/** The part of `@nocobase/plugin-auth` that is used here. */
interface AuthPlugin {
  registerType(type: string, options: { components: Readonly<Record<string, unknown>> }): void;
}

/** The plugin in NocoBase's classic client. */
export default class DingTalkClient extends Plugin {
  override async load(): Promise<void> {
    noticeSignOut(this.app);
    const auth = this.app.pm.get('@nocobase/plugin-auth') as AuthPlugin;
    auth.registerType(AUTH_TYPE, {
      components: { SignInButton: Button, AdminSettingsForm: SettingsForm },
    });
    const { menu, key, title, ...page } = LEAVERS_PAGE;
    this.app.pluginSettingsManager.add(`${menu}.${key}`, {
      ...page,
      title: `{{t(${JSON.stringify(title)}, { ns: ${JSON.stringify(NAMESPACE)} })}}`,
      Component: Leavers,
    });
  }
}

function Leavers() {
  return <LeaversPage app={useApp()} />;
}

function Button({ authenticator }: { authenticator: PublicAuthenticator }) {
  const app = useApp();
  const client = useMemo(() => ({ app, isNew: false }), [app]);
  const first = useContext(AuthenticatorsContext).find(({ authType }) => authType === AUTH_TYPE);
  return <SignInButton client={client} authenticator={authenticator} isFirst={first?.name === authenticator.name} />;
}
