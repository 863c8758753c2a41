import type { IncomingHttpHeaders } from 'node:http';
import { Client, type Dispatcher } from 'undici';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * The parts of a browser that a sign-in needs: one keep-alive connection, and cookies. It uses undici's `dispatch`, which costs
 * half of what `request` does: the load generator must not be what is measured.
 */
export class BenchBrowser {
  private readonly clients = new Map<string, Client>();
  private readonly cookies = new Map<string, string>();

  async get(origin: string, path: string, own: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = cookie === '' ? own : { cookie, ...own };
    const answer = await send(this.client(origin), { method: 'GET', path, headers });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    return answer;
  }

  /** Sends JSON as a page's script does; without cookies. */
  async post(origin: string, path: string, body: object, headers: Record<string, string>): Promise<Answer> {
    return send(this.client(origin), {
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Names and values, as the browser would send them. */
  get heldCookies(): ReadonlyMap<string, string> {
    return this.cookies;
  }

  setCookie(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  forgetCookies(): void {
    this.cookies.clear();
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map(async (client) => client.destroy()));
  }

  private client(origin: string): Client {
    const known = this.clients.get(origin);
    if (known !== undefined) return known;
    const made = new Client(origin, { keepAliveTimeout: 60_000, bodyTimeout: 30_000, headersTimeout: 30_000 });
    this.clients.set(origin, made);
    return made;
  }

  private keep(line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (name === undefined || value === undefined) return;
    if (value === '' || /;\s*max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

async function send(client: Client, request: Dispatcher.DispatchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let received: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    client.dispatch(request, {
      // undici distinguishes this kind of handler from an older one by it.
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode, responseHeaders) => {
        status = statusCode;
        const cookies = responseHeaders['set-cookie'];
        // undici passes one cookie as a string, several as an array.
        received = typeof cookies === 'string' ? { ...responseHeaders, 'set-cookie': [cookies] } : responseHeaders;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ status, headers: received, body: Buffer.concat(chunks).toString('utf8') }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
