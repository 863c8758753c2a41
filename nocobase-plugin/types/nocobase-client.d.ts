// Of NocoBase's web clients only what this plugin uses: the type check runs where they are not installed. (tsconfig.json)
import type { ComponentType } from 'react';
import type { ClientApp } from '../src/client-shared/client-app.js';

export declare class Plugin {
  protected readonly app: ClientApp & { readonly pm: { get(name: string): unknown } };
  load(): Promise<void>;
}
export declare function useApp(): ClientApp;
/** The classic client only. */
export declare const SchemaComponent: ComponentType<{
  schema: object;
  components: Readonly<Record<string, unknown>>;
}>;
