import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ASSERTION_TYPE, JWKS_PATH, TICKET_TYPE, type TicketClaims } from '../../src/core/plugin-protocol/index.js';
import { freshFor, Signer } from '../../src/plugin-client/signing/signer.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What the plugin needs of a gateway: a JWK Set, and signatures with its keys. The test answers everything else. */
export class StandInGateway {
  /** Requested paths, in order. */
  readonly asked: string[] = [];
  signer = new Signer([someSecret()]);
  /** Answers requests other than those for the JWK Set. */
  answer: Answer = (_request, response) => response.writeHead(404).end();
  /** Answers in place of the JWK Set. */
  keys: Answer | undefined;

  private constructor(private readonly server: Server) {}

  static async launch(): Promise<StandInGateway> {
    const server = createServer();
    // A test that fails before it calls `stop` must not keep the test process running.
    server.unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gateway = new StandInGateway(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => gateway.handle(request, response));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async ticket(claims: Partial<TicketClaims> & Pick<TicketClaims, 'aud' | 'challenge' | 'identity'>): Promise<string> {
    return this.signer.sign(TICKET_TYPE, {
      iss: this.url,
      app: 'main',
      authenticator: 'dingtalk',
      ...freshFor(60),
      returnPath: '/admin/a?b=1',
      requestId: 'request-1',
      ...claims,
    });
  }

  async assertion(claims: object): Promise<string> {
    return this.signer.sign(ASSERTION_TYPE, { iss: this.url, app: 'main', ...freshFor(60), ...claims });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(request.url ?? '');
    if (request.url !== JWKS_PATH) return this.answer(request, response);
    if (this.keys !== undefined) return this.keys(request, response);
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' });
    response.end(JSON.stringify(this.signer.publicKeys()));
  }
}

/** As long as `AUTH_COOKIE_SECRET` must be. */
export function someSecret(): string {
  return `a-secret-of-a-gateway-${Math.random().toString(36).slice(2)}-32-characters`;
}
