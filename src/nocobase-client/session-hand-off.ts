import { Inject, Injectable } from '@nestjs/common';
import { apiPath, pagePath, type StorageKeys, storageKeys } from '../core/nocobase-web/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import type { NocoBaseSession } from './session-issuer.js';

/** How a session reaches the browser. */
export type BrowserHandOff =
  /** NocoBase's web clients take `authenticator` and `token` from the query of any page and strip them. */
  | { readonly kind: 'redirect'; readonly location: string }
  /**
   * A page of ours on NocoBase's origin writes the web clients' storage, then opens `location`. No token in any URL.
   */
  | {
      readonly kind: 'page';
      readonly location: string;
      readonly session: NocoBaseSession;
      /** Which of the browser's storages. */
      readonly place: StorageKeys['storage'];
      /** Its keys to set; `null` removes a key. */
      readonly storage: Readonly<Record<string, string | null>>;
      /** The key that contains the token, and how to tell NocoBase that a former one is no longer used. */
      readonly former: { readonly tokenKey: string; readonly signOutUrl: string; readonly app: string };
    };

/** Where a browser keeps a session, and the address that ends one. */
export interface BrowserStorage extends StorageKeys {
  readonly signOutUrl: string;
  readonly app: string;
}

/** Passes a NocoBase session to the browser that will use it. */
@Injectable()
export class SessionHandOff {
  constructor(@Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions) {}

  to(returnPath: ReturnPath, session: NocoBaseSession): BrowserHandOff {
    const location = new URL(`${this.options.publicUrl}${pagePath(this.options, returnPath)}`);
    if (this.options.handOff === 'page') {
      const { storage: place, token: tokenKey, authenticator, role, signOutUrl, app } = this.browserStorage();
      // Removes the role: the new client signs out a person who does not hold the role that a former user left behind.
      const storage = { [tokenKey]: session.token, [authenticator]: session.authenticator, [role]: null };
      const former = { tokenKey, signOutUrl, app };
      return { kind: 'page', location: location.href, session, place, storage, former };
    }
    const own = location.search.replace(/^\?/, '');
    const handed = new URLSearchParams({ authenticator: session.authenticator, token: session.token }).toString();
    location.search = own === '' ? handed : `${own}&${handed}`;
    return { kind: 'redirect', location: location.href };
  }

  /**
   * The names under which NocoBase's clients keep a session, and how one is ended: for a page that receives a session
   * as JSON.
   */
  browserStorage(): BrowserStorage {
    const { publicUrl, app } = this.options;
    return { ...storageKeys(this.options), signOutUrl: `${publicUrl}${apiPath(this.options)}auth:signOut`, app };
  }
}
