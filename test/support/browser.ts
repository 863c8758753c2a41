import { parseSetCookie } from 'cookie';

/** An answer, and the browser that got it. */
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

  /** Where a redirect leads; throws when the answer is none. */
  get location(): string {
    const location = this.headers.get('location');
    if (location === null) throw new Error(`no redirect: HTTP ${this.status}, ${this.errorCode ?? 'no error'}`);
    return location;
  }

  /** The error code that stands on the page. */
  get errorCode(): string | undefined {
    return /<dd>([a-z_]+)<\/dd>/.exec(this.text)?.[1];
  }
}

/** As much of a browser as a sign-in needs: one cookie jar, no redirect followed unasked. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly acceptLanguage = 'en') {}

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
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
