import { createContext } from 'react';

/** What both of NocoBase's web clients offer and we use. */
export interface ClientApp {
  /** `main`, or the name of a sub-app. */
  readonly name: string;
  /** Where the client lives, with slashes around it: `/`, `/nocobase/`, and for the new client `/v/`, `/nocobase/v/`. */
  getPublicPath(): string;
  /** The whole address of NocoBase's API, with a slash at its end. */
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

/** An authenticator as NocoBase tells it to people who are not signed in. */
export interface PublicAuthenticator {
  readonly name: string;
  readonly authType: string;
  readonly title?: string | null;
  readonly options?: PublicOptions;
}

/** What the server's `getPublicOptions` makes of an authenticator's options. */
export interface PublicOptions {
  readonly autoSignIn?: boolean;
  /** Whether it is filled in, so that people can sign in. */
  readonly ready?: boolean;
  /** Whether people can be signed in silently inside DingTalk: an organization is named. */
  readonly inApp?: boolean;
}

/** One of the two web clients. */
export interface Client {
  readonly app: ClientApp;
  /** The new client, which stands under `/v/`, and not the classic one. */
  readonly isNew: boolean;
}

export const ClientContext = createContext<Client | undefined>(undefined);
