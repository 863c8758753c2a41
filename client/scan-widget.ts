import { isRecord, isText, parseJson, texts, webAddress } from '../src/core/browser/index.js';

/** DingTalk's script; it expects an encoded `redirect_uri`: https://open.dingtalk.com/document/development/obtain-identity-credentials */
type FrameLogin = (
  frame: { id: string; width: number; height: number },
  params: Record<string, string>,
  onSuccess: (result: unknown) => void,
  onError: (error: unknown) => void,
) => void;

const LIMIT_MS = 8000;
const REQUIRED = ['redirect_uri', 'client_id', 'scope', 'state', 'prompt', 'response_type'] as const;
const OPTIONAL = ['org_type', 'corpId'] as const;

/** The embedded sign-in by QR code. If anything fails it is hidden, and the plain button remains. */
class ScanWidget {
  private over = false;
  /** Origin of the last message: DingTalk's script (0.21.0) only checks whether it contains the name of DingTalk's host. */
  private heardFrom = '';

  constructor(
    private readonly root: HTMLElement,
    private readonly loginOrigin: string,
    private readonly params: Readonly<Record<(typeof REQUIRED)[number], string>>,
    private readonly choices: Readonly<Record<string, string>>,
  ) {}

  load(source: string): void {
    // Registered before DingTalk's script, so that this listener is called first.
    window.addEventListener('message', ({ origin }) => {
      this.heardFrom = origin;
    });
    const script = document.createElement('script');
    script.src = source;
    const patience = setTimeout(() => this.hide(), LIMIT_MS);
    script.addEventListener('load', () => {
      clearTimeout(patience);
      if (!this.over) this.show();
    });
    script.addEventListener('error', () => this.hide());
    document.head.appendChild(script);
  }

  private show(): void {
    const login: unknown = Reflect.get(window, 'DTFrameLogin');
    if (typeof login !== 'function') return this.hide();
    const frame = document.createElement('div');
    frame.id = 'scan-frame';
    this.root.appendChild(frame);
    this.root.hidden = false;
    const params = { ...this.choices, ...this.params, redirect_uri: encodeURIComponent(this.params.redirect_uri) };
    (login as FrameLogin)(
      { id: frame.id, width: 300, height: 300 },
      params,
      (result) => this.succeed(result),
      (error) => {
        // The script reports every message of the frame that is not a success as an error, even an empty one.
        if (error) this.hide();
      },
    );
  }

  /** DingTalk's script calls this again for every message that it receives; the code is valid for a single exchange. */
  private succeed(result: unknown): void {
    if (this.over || this.heardFrom !== this.loginOrigin) return;
    const target = webAddress(isRecord(result) ? result['redirectUrl'] : undefined);
    if (target === undefined || !this.isOurs(target)) return;
    this.over = true;
    location.replace(target);
  }

  /** The callback of this sign-in and of no other. */
  private isOurs(target: string): boolean {
    const { origin, pathname, searchParams } = new URL(target);
    const expected = new URL(this.params.redirect_uri);
    const states = searchParams.getAll('state');
    return (
      origin === expected.origin &&
      pathname === expected.pathname &&
      states.length === 1 &&
      states[0] === this.params.state
    );
  }

  private hide(): void {
    this.over = true;
    this.root.hidden = true;
  }
}

const root = document.getElementById('scan');
if (root !== null) {
  const told = parseJson(root.dataset['params']);
  const params = texts(told, REQUIRED);
  const source = webAddress(root.dataset['script']);
  const origin = root.dataset['loginOrigin'];
  if (params !== undefined && webAddress(params.redirect_uri) && source !== undefined && isText(origin)) {
    const choices: Record<string, string> = {};
    for (const key of OPTIONAL) {
      const choice = isRecord(told) ? told[key] : undefined;
      if (isText(choice)) choices[key] = choice;
    }
    new ScanWidget(root, origin, params, choices).load(source);
  }
}
