// The part of NocoBase's web clients that this plugin uses: the type check also runs where they are not installed (tsconfig.json).
import type { ComponentType } from 'react';
import type { ClientApp } from '../src/client-shared/client-app.js';

export declare class Plugin {
  protected readonly app: ClientApp & {
    readonly pm: { get(name: string): unknown };
    readonly pluginSettingsManager: {
      /** A settings page; after a dot, a tab of another one. Its title is a template, `{{t("…")}}`. */
      add(
        name: string,
        page: { title: string; icon: string; aclSnippet: string; sort: number; Component: ComponentType },
      ): void;
    };
  };
  load(): Promise<void>;
}
export declare function useApp(): ClientApp;
/** The classic client only. */
export declare const SchemaComponent: ComponentType<{
  schema: object;
  components: Readonly<Record<string, unknown>>;
}>;
