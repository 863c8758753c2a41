/** Acts like a person in a browser, over a real socket: opens the authorization URL and presses a button. */
export class Browser {
  constructor(private readonly loginUrl: string) {}

  /** A person with several organizations selects the given one, or the first offered. Returns the callback address. */
  async approve(authorizationUrl: string, personId: string, corpId?: string): Promise<string> {
    await this.#open(authorizationUrl);
    const first = await this.#press(authorizationUrl, { person: personId });
    if (first.location !== null) return first.location;
    const offered = [...first.page.matchAll(/data-corp="([^"]+)"/g)].map((match) => match[1]);
    const corp = corpId ?? offered[0];
    if (corp === undefined || !offered.includes(corp)) throw refusal('consent', first.page);
    const second = await this.#press(authorizationUrl, { person: personId, corp });
    if (second.location === null) throw refusal('organization', second.page);
    return second.location;
  }

  async deny(authorizationUrl: string): Promise<string> {
    await this.#open(authorizationUrl);
    const { location, page } = await this.#press(authorizationUrl, { deny: '1' });
    if (location === null) throw refusal('denial', page);
    return location;
  }

  async #open(authorizationUrl: string): Promise<void> {
    if (!authorizationUrl.startsWith(`${this.loginUrl}/`)) throw new Error('That address is not the sandbox');
    const response = await fetch(authorizationUrl, { redirect: 'manual' });
    const page = await response.text();
    if (response.status !== 200) throw refusal('authorization request', page);
  }

  async #press(
    authorizationUrl: string,
    fields: Record<string, string>,
  ): Promise<{ location: string | null; page: string }> {
    const body = new URLSearchParams(fields);
    const response = await fetch(authorizationUrl, { method: 'POST', body, redirect: 'manual' });
    return { location: response.headers.get('location'), page: await response.text() };
  }
}

function refusal(what: string, page: string): Error {
  const problem = /data-error="([^"]+)"/.exec(page)?.[1] ?? 'no error page';
  return new Error(`The sandbox refused the ${what}: ${problem}`);
}
