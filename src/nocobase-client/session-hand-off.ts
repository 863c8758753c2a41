import { Inject, Injectable } from '@nestjs/common';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import type { NocoBaseSession } from './session-issuer.js';

/** How a session reaches the browser. */
export type BrowserHandOff =
  /** NocoBase's web clients take `authenticator` and `token` from the query of any page and strip them. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** A page of ours on NocoBase's origin writes the web clients' storage, then goes to `location`. No token in any URL. */
  | {
      readonly kind: 'page';
      readonly location: string;
      readonly session: NocoBaseSession;
      /** Keys of `localStorage` to set; `null` removes a key. */
      readonly storage: Readonly<Record<string, string | null>>;
      /** Which of them holds the token, and how NocoBase is told that a former one is done with. */
      readonly former: { readonly tokenKey: string; readonly signOutUrl: string; readonly app: string };
    };

/** Keys of `localStorage`, and the address that ends a session. */
export interface BrowserStorage {
  readonly token: string;
  readonly authenticator: string;
  readonly role: string;
  readonly signOutUrl: string;
  readonly app: string;
}

/** Gives a NocoBase session to the browser that will use it. */
@Injectable()
export class SessionHandOff {
  constructor(@Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions) {}

  /** @param returnPath a checked path inside NocoBase, starting with `/` */
  to(returnPath: string, session: NocoBaseSession): BrowserHandOff {
    const location = new URL(`${this.options.publicUrl}${this.inApp(returnPath)}`);
    if (this.options.handOff === 'page') {
      const { token: tokenKey, signOutUrl, app } = this.browserStorage();
      const former = { tokenKey, signOutUrl, app };
      return { kind: 'page', location: location.href, session, storage: this.storage(session), former };
    }
    const own = location.search.replace(/^\?/, '');
    const handed = new URLSearchParams({ authenticator: session.authenticator, token: session.token }).toString();
    location.search = own === '' ? handed : `${own}&${handed}`;
    return { kind: 'redirect', location: location.href };
  }

  /** Under which names NocoBase's clients keep a session, and how one is ended: for a page that gets a session as JSON. */
  browserStorage(): BrowserStorage {
    const { publicUrl, app } = this.options;
    return {
      token: this.key('TOKEN'),
      authenticator: this.key('AUTH'),
      role: this.key('ROLE'),
      signOutUrl: `${publicUrl}/api/auth:signOut`,
      app,
    };
  }

  /** A sub-app's pages are at `/apps/<name>/admin` in the v1 client and at `/v/apps/<name>/admin` in v2. */
  private inApp(returnPath: string): string {
    const { app } = this.options;
    const prefix = `/apps/${app}`;
    if (app === 'main' || new RegExp(`^(?:/v)?${prefix}(?=[/?#]|$)`).test(returnPath)) return returnPath;
    return returnPath.replace(/^(?:\/v(?=[/?#]|$))?/, (client) => client + prefix);
  }

  /**
   * What both web clients read (`@nocobase/sdk`, APIClient and Auth): three keys, with the sub-app's name in front. The
   * role goes: v2 signs a person out again who does not hold the role that somebody else left behind.
   */
  private storage({ token, authenticator }: NocoBaseSession): Record<string, string | null> {
    return { [this.key('TOKEN')]: token, [this.key('AUTH')]: authenticator, [this.key('ROLE')]: null };
  }

  private key(name: 'TOKEN' | 'AUTH' | 'ROLE'): string {
    const { app } = this.options;
    return app === 'main' ? `NOCOBASE_${name}` : `NOCOBASE_${app.toUpperCase()}_${name}`;
  }
}
