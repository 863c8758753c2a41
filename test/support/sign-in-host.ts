import type { Sandbox } from '../../sandbox/index.js';
import type { Answer, Browser } from './browser.js';
import type { TestNocoBase } from './nocobase.js';

/** How a sign-in ended, as a browser sees it. */
export interface End {
  readonly status: number;
  /** undefined if the person is signed in. */
  readonly error: string | undefined;
  /** Where the person lands, as a browser resolves it. */
  readonly landing: URL | undefined;
  readonly token: string | undefined;
  /** After an error: the page that the person still wants. */
  readonly wanted: string | undefined;
  /** The whole answer, to search for what must not be in it. */
  readonly everything: string;
}

/** A page of a host, or a redirect. */
export interface Shown {
  readonly what: string;
  readonly url: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** A program that signs people in with DingTalk, as `test/sign-in-cases` uses it. */
export interface SignInHost {
  readonly sandbox: Sandbox;
  readonly nocobase: TestNocoBase;
  /** Where every sign-in starts, without its query. */
  readonly startUrl: string;
  /** Where DingTalk leads back to. */
  readonly callbackUrl: string;
  /** @returns DingTalk's address */
  start(browser: Browser, query?: string): Promise<string>;
  /** @param answer of DingTalk, as it stands in the address of the callback */
  finish(browser: Browser, answer: string): Promise<End>;
  /** @returns the state of the page that asks DingTalk's client */
  openInApp(browser: Browser, query?: string): Promise<string>;
  finishInApp(browser: Browser, answer: { code?: string; state?: string }): Promise<End>;
  /** The same host by another authenticator. */
  other(): Promise<SignInHost>;
  /** The `Set-Cookie` lines of a start at this public address. */
  cookiesAt(publicUrl: string): Promise<readonly string[]>;
  /** Its calls to NocoBase over HTTP; none if it is NocoBase. */
  asked(): readonly string[];
  /** Forgets all calls so far, to DingTalk and NocoBase. */
  forget(): void;
  /** Runs with the host's clock so far ahead. Not for a program: a test cannot change the clock of a separate process. */
  later<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
  /** Its pages and redirects. */
  readonly shown: readonly Shown[];
  close(): Promise<void>;
}

/** In a word: `signed in`, `400 invalid_state`. */
export function outcomeOf({ status, error }: End): string {
  return error === undefined ? 'signed in' : `${status} ${error}`;
}

export function everythingIn({ text, headers }: Answer): string {
  return text + JSON.stringify([...headers]);
}
