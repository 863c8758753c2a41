import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** `hold` never answers, `drop` closes the connection. */
export type Reply = { readonly status: number; readonly body: string } | 'hold' | 'drop';

/** A gateway as browsers see it, around the real browser code: pages with its elements, and the answers that a spec chooses. */
export class ClientPage {
  readonly requests: SeenRequest[] = [];
  /** Answers by path; any other path is an empty page. */
  readonly replies = new Map<string, Reply>();
  /** Further sources for the pages' Content-Security-Policy. */
  sources = '';

  private constructor(
    private readonly server: Server,
    private readonly assets: ReadonlyMap<string, string>,
    readonly origin: string,
  ) {}

  static async start(assets: ReadonlyMap<string, string>): Promise<ClientPage> {
    const server = createServer((request, response) => void page.serve(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const page = new ClientPage(server, assets, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return page;
  }

  /** An element with data attributes, as the server would render it, and the script that looks for it. */
  show(path: string, script: string, id: string, data: Readonly<Record<string, string>>, inner = ''): void {
    const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escape(value)}"`);
    const body = `<div id="${id}"${attributes.join('')}>${inner}</div><script src="/assets/${script}"></script>`;
    this.replies.set(path, { status: 200, body: `<!doctype html><title>${id}</title>${body}` });
  }

  posted(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.method === 'POST' && request.path === path);
  }

  reset(): void {
    this.requests.length = 0;
    this.replies.clear();
    this.sources = '';
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.origin).pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = 'GET', headers } = request;
    this.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });

    const asset = this.assets.get(path.replace('/assets/', ''));
    if (asset !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', connection: 'close' }).end(asset);
      return;
    }
    const reply = this.replies.get(path) ?? { status: 200, body: '<!doctype html><title>elsewhere</title>' };
    if (reply === 'hold') return;
    if (reply === 'drop') {
      response.destroy();
      return;
    }
    const page = reply.body.startsWith('<');
    response.writeHead(reply.status, {
      'content-type': page ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      // If the server closes a reused connection, Chromium repeats the request by itself.
      connection: 'close',
      'content-security-policy':
        `default-src 'none'; script-src 'self' ${this.sources}; frame-src ${this.sources || `'none'`}; connect-src 'self'; ` +
        `img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    });
    response.end(reply.body);
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
