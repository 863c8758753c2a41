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
      /** Keys of `localStorage` to set; `null` removes a key. */
      readonly storage: Readonly<Record<string, string | null>>;
    };

/** Gives a NocoBase session to the browser that will use it. */
@Injectable()
export class SessionHandOff {
  constructor(@Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions) {}

  /** @param returnPath a checked path inside NocoBase, starting with `/` */
  to(returnPath: string, session: NocoBaseSession): BrowserHandOff {
    const location = new URL(`${this.options.publicUrl}${returnPath}`);
    if (this.options.handOff === 'page') {
      return { kind: 'page', location: location.href, storage: this.storage(session) };
    }
    const own = location.search.replace(/^\?/, '');
    const handed = new URLSearchParams({ authenticator: session.authenticator, token: session.token }).toString();
    location.search = own === '' ? handed : `${own}&${handed}`;
    return { kind: 'redirect', location: location.href };
  }

  private storage(session: NocoBaseSession): Record<string, string | null> {
    return { NOCOBASE_TOKEN: session.token, NOCOBASE_AUTH: session.authenticator, NOCOBASE_ROLE: null };
  }
}
