// Of NocoBase only what this plugin uses: the type check runs where NocoBase is not installed.
declare module '@nocobase/server' {
  export class Plugin {
    load(): Promise<void>;
  }
}
