import { createContext } from 'react';

/** What this plugin uses of both NocoBase web clients. */
export interface ClientApp {
  /** `main`, or the name of a sub-app. */
  readonly name: string;
  /** Base path of the client, with slashes around it: `/`, `/nocobase/`; for the new client `/v/`, `/nocobase/v/`. */
  getPublicPath(): string;
  /** The full address of NocoBase's API, with a trailing slash. */
  getApiUrl(): string;
  readonly apiClient: {
    request(request: {
      url: string;
      method: 'get' | 'post';
      params?: object;
      data?: object;
      skipNotify: boolean;
    }): Promise<{ readonly data: unknown }>;
    readonly axios: {
      readonly interceptors: {
        readonly request: { use(before: <Config extends { url?: string }>(config: Config) => Config): void };
      };
    };
  };
}

/** An authenticator as NocoBase describes it to people who are not signed in. */
export interface PublicAuthenticator {
  readonly name: string;
  readonly authType: string;
  readonly title?: string | null;
  readonly options?: PublicOptions;
}

/** What the server's `getPublicOptions` returns of an authenticator's options. */
export interface PublicOptions {
  readonly autoSignIn?: boolean;
  /** Whether the settings are complete, so that people can sign in. */
  readonly ready?: boolean;
  /** Whether people can be signed in silently inside DingTalk, which requires an organization. */
  readonly inApp?: boolean;
}

/** One of the two web clients. */
export interface Client {
  readonly app: ClientApp;
  /** The new client, served under `/v/`, as opposed to the classic one. */
  readonly isNew: boolean;
}

export const ClientContext = createContext<Client | undefined>(undefined);
