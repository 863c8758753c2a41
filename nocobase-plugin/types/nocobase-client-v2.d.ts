// What the new client has that differs from the classic one.
import type { ComponentType } from 'react';
import type { ClientApp } from '../src/client-shared/client-app.js';

export { useApp } from './nocobase-client.js';

export declare class Plugin {
  protected readonly app: ClientApp & {
    readonly pm: { get(name: string): unknown };
    readonly i18n: { t(text: string, options: { ns: string }): string };
    readonly pluginSettingsManager: {
      /** A tab on a settings page. */
      addPageTabItem(page: {
        menuKey: string;
        key: string;
        title: string;
        icon: string;
        aclSnippet: string;
        sort: number;
        Component: ComponentType;
      }): void;
    };
  };
  load(): Promise<void>;
}
