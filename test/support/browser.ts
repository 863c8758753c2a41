import { parseSetCookie } from 'cookie';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where a redirect leads; throws when the answer is none. */
  readonly location: string;
  /** The error code that stands on the page. */
  readonly errorCode: string | undefined;
}

/** As much of a browser as a sign-in needs: one cookie jar, no redirect followed unasked. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly acceptLanguage = 'en') {}

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'accept-language': this.acceptLanguage, ...(cookie ? { cookie } : {}), ...headers },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get location() {
        const location = response.headers.get('location');
        if (location === null) throw new Error(`no redirect: HTTP ${response.status}\n${text}`);
        return location;
      },
      errorCode: /<dd>([a-z_]+)<\/dd>/.exec(text)?.[1],
    };
  }

  private keep(line: string): void {
    const { name, value, maxAge } = parseSetCookie(line);
    if (maxAge === 0) this.cookies.delete(name);
    else this.cookies.set(name, value ?? '');
  }
}
