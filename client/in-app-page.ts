import { parseJson, texts } from '../src/core/browser/index.js';

/** How NocoBase's clients store a session, and how to end one there. */
export interface StorageKeys {
  /** `sessionStorage`, `memory` (nowhere), otherwise `localStorage`. */
  readonly storage: string;
  readonly token: string;
  readonly authenticator: string;
  readonly role: string;
  readonly signOutUrl: string;
  /** NocoBase's application; `main` unless it runs several. */
  readonly app: string;
}

export interface InAppSettings {
  /** State of the sign-in transaction that the server opened for this browser. */
  readonly state: string;
  readonly corpId: string;
  readonly clientId: string;
  /** Where to send the code. */
  readonly post: string;
  /** The sign-in through DingTalk's pages, for clients that return no code. */
  readonly browser: string;
  /** Only if gateway and NocoBase share an origin. */
  readonly storage: StorageKeys | undefined;
  readonly messages: Readonly<Record<Message, string>>;
}

const MESSAGES = ['asking', 'signingIn', 'loop', 'noAnswer', 'unexpected', 'blocked'] as const;
type Message = (typeof MESSAGES)[number];

/** The page's element `#in-app`: the server's options, and the texts for the person. Everything is written as text. */
export class InAppPage {
  readonly settings: InAppSettings;

  /** Throws if the server's options are incomplete. */
  constructor(
    private readonly root: HTMLElement,
    private readonly showTitle: (title: string) => void,
  ) {
    const told = texts(root.dataset, ['state', 'corpId', 'clientId', 'post', 'browser']);
    const messages = texts(parseJson(root.dataset['messages']), MESSAGES);
    if (told === undefined || messages === undefined) throw new Error('#in-app lacks a data attribute');
    const storage = texts(parseJson(root.dataset['storage']), [
      'storage',
      'token',
      'authenticator',
      'role',
      'signOutUrl',
      'app',
    ] as const);
    this.settings = { ...told, messages, storage };
  }

  say(message: Message): void {
    this.write('[data-status]', this.settings.messages[message]);
  }

  /** Stops: shows the reason, and what the person can do. */
  stop(reason: Message | { message: string; code: string; requestId: string }): void {
    if (typeof reason === 'string') {
      this.say(reason);
    } else {
      this.write('[data-status]', reason.message);
      this.write('[data-error-code]', reason.code);
      this.write('[data-request-id]', reason.requestId);
      this.show('[data-error]');
    }
    const title = this.root.dataset['stoppedTitle'];
    if (title) this.showTitle(title);
    this.show('[data-actions]');
    const mark = document.querySelector('.mark.busy');
    if (mark !== null) mark.classList.remove('busy');
  }

  onTryAgain(listener: () => void): void {
    const link = this.root.querySelector('[data-try-again]');
    if (link !== null) link.addEventListener('click', listener);
  }

  private write(selector: string, text: string): void {
    const element = this.root.querySelector(selector);
    if (element !== null) element.textContent = text;
  }

  private show(selector: string): void {
    const element = this.root.querySelector<HTMLElement>(selector);
    if (element !== null) element.hidden = false;
  }
}
