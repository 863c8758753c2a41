/** A browser in the plugin's part of a sign-in: keeps cookies with their path, and follows nothing by itself. */
export class PluginBrowser {
  private readonly jar = new Map<string, { value: string; path: string }>();

  /** @param api NocoBase's address with `/api` or `/api/__app/NAME` */
  constructor(private readonly api: string) {}

  get cookies(): readonly string[] {
    return [...this.jar.keys()];
  }

  pathOf(name: string): string {
    return this.jar.get(name)?.path ?? '';
  }

  /** The `Cookie` header with the cookies whose names start like this. */
  cookieHeader(prefix: string): string {
    return [...this.jar]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  /**
   * @param page the page with the button, if the browser names it
   * @returns the redirect to the gateway, and its challenge
   */
  async start(
    query: Readonly<Record<string, string>> = {},
    page?: string,
  ): Promise<{ location: URL; challenge: string }> {
    const search = new URLSearchParams({ authenticator: 'dingtalk', ...query }).toString();
    const response = await this.fetch(`dingtalk:start?${search}`, {
      headers: page === undefined ? {} : { referer: page },
    });
    const location = new URL(response.headers.get('location') ?? '', this.api);
    return { location, challenge: location.searchParams.get('challenge') ?? '' };
  }

  async redeem(ticket: string, authenticator = 'dingtalk', headers: Record<string, string> = {}): Promise<Redeemed> {
    return this.signIn(authenticator, { 'x-dingtalk-ticket': ticket, ...headers });
  }

  /** As the page at the redirect URL does, or the one inside DingTalk's client. @param answer a query */
  async bring(
    answer: string,
    authenticator = 'dingtalk',
    header: 'x-dingtalk-answer' | 'x-dingtalk-in-app' = 'x-dingtalk-answer',
    headers: Record<string, string> = {},
  ): Promise<Redeemed> {
    return this.signIn(authenticator, { [header]: answer, ...headers });
  }

  private async signIn(authenticator: string, headers: Record<string, string>): Promise<Redeemed> {
    const response = await this.fetch('auth:signIn', {
      method: 'POST',
      headers: { 'x-authenticator': authenticator, ...headers },
    });
    const body = (await response.json()) as {
      data?: { token: string; redirect: string; user: Record<string, unknown> };
      errors?: { code: string; message: string }[];
    };
    const [error] = body.errors ?? [];
    return {
      status: response.status,
      ...body.data,
      code: error?.code,
      message: error?.message,
      headers: response.headers,
    };
  }

  async fetch(action: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(`${this.api}/${action}`);
    const cookie = [...this.jar]
      .filter(([, { path }]) => `${url.pathname}/`.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) this.jar.delete(name);
    else this.jar.set(name, { value, path: /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/' });
  }
}

export interface Redeemed {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly token?: string;
  readonly redirect?: string;
  readonly user?: Record<string, unknown>;
}

/** In one line: `200 signed in`, `400 invalid_state`. */
export function outcome({ status, code }: Redeemed): string {
  return `${status} ${code ?? 'signed in'}`;
}
