import { parseSetCookie } from 'cookie';

/** An answer, and the browser that received it. */
export class Answer {
  readonly status: number;
  readonly headers: Headers;

  constructor(
    response: Response,
    readonly text: string,
    readonly browser: Browser,
  ) {
    this.status = response.status;
    this.headers = response.headers;
  }

  /** The target of a redirect; throws if the answer is not one. */
  get location(): string {
    const location = this.headers.get('location');
    if (location === null) throw new Error(`no redirect: HTTP ${this.status}, ${this.errorCode ?? 'no error'}`);
    return location;
  }

  /** The error code on the page. */
  get errorCode(): string | undefined {
    return /<dd>([a-z_]+)<\/dd>/.exec(this.text)?.[1];
  }
}

/** The parts of a browser that a sign-in needs: one cookie jar, and redirects followed only on request. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly acceptLanguage = 'en') {}

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', url, headers);
  }

  async post(url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    return this.send('POST', url, headers, body);
  }

  private async send(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | null = null,
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      body,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'accept-language': this.acceptLanguage,
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return new Answer(response, await response.text(), this);
  }

  private keep(line: string): void {
    const { name, value, maxAge } = parseSetCookie(line);
    if (maxAge === 0) this.cookies.delete(name);
    else this.cookies.set(name, value ?? '');
  }
}
