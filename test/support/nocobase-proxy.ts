import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the proxy answers a call itself; 'pass', or a promise of it, forwards it. */
export type ProxyFault = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Small tables that are cached, and the check of NocoBase's sessions that the program makes every half minute. */
const NOT_FOR_A_PERSON = ['GET roles:list', 'GET tokenControlConfig:list', 'GET auth:check'];

/** In front of a real NocoBase: records the gateway's calls, and fails where a test asks for it. */
export class NocoBaseProxy {
  /** `METHOD resource:action` of every call, in order. */
  readonly calls: string[] = [];
  /** The headers of every call, in the same order. */
  readonly headers: IncomingHttpHeaders[] = [];
  private readonly faults = new Map<string, ProxyFault>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(target: string): Promise<NocoBaseProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new NocoBaseProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void proxy.pass(target, request, response));
    return proxy;
  }

  /** The gateway's calls for this person. */
  get asked(): string[] {
    return this.calls.filter((call) => !NOT_FOR_A_PERSON.includes(call));
  }

  /** @param action such as `issuedTokens:create`, or `*` for every call */
  failOn(action: string, fault: ProxyFault): void {
    this.faults.set(action, fault);
  }

  heal(): void {
    this.faults.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = /^\/api\/([^?]+)/.exec(request.url ?? '')?.[1] ?? '';
    this.calls.push(`${request.method} ${action}`);
    this.headers.push(request.headers);
    const fault = this.faults.get(action) ?? this.faults.get('*');
    if (fault !== undefined && (await fault(request, response)) !== 'pass') return;
    const upstream = forward(
      target + request.url,
      { method: request.method, headers: { ...request.headers, host: new URL(target).host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }
}

/** Answers with this status and body. */
export function answering(status: number, body: string, contentType = 'application/json'): ProxyFault {
  return (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };
}
