import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  JWKS_PATH,
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
} from '../../src/core/plugin-protocol/index.js';

const COOKIE = 'nb_dingtalk_';

/** base64url of the SHA-256 of the browser's verifier. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/**
 * A NocoBase with the companion plugin, as far as browsers use it: it starts sign-ins, and redeems tickets by the keys that the
 * gateway publishes. `PluginDouble` is the part that gateways use; the plugin itself has its own tests.
 */
export class TicketDesk {
  /** `METHOD path` of every request, in order. */
  readonly requests: string[] = [];
  private readonly used = new Set<string>();
  private gatewayUrl = '';

  private constructor(
    private readonly server: Server,
    /** Without a trailing slash; this NocoBase has a base path. */
    readonly url: string,
  ) {}

  static async start(): Promise<TicketDesk> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const desk = new TicketDesk(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/nb`);
    server.on('request', (request, response) => desk.answer(request, response));
    return desk;
  }

  /** The gateway address that the administrator has entered. */
  trust(gatewayUrl: string): void {
    this.gatewayUrl = gatewayUrl;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What the plugin's `validate` does before it looks up an account. Rejects with the reason. */
  async redeem(ticket: string, cookies: ReadonlyMap<string, string>, app = 'main'): Promise<TicketClaims> {
    const { payload } = await jwtVerify(ticket, createRemoteJWKSet(new URL(this.gatewayUrl + JWKS_PATH)), {
      algorithms: ['EdDSA'],
      typ: TICKET_TYPE,
      issuer: this.gatewayUrl,
      audience: this.url,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    const claims = ticketClaims.parse(payload);
    if (claims.app !== app) throw new Error('for another app');
    if (claims.exp - claims.iat > TICKET_LIFETIME_SECONDS) throw new Error('lives too long');
    const verifier = cookies.get(COOKIE + claims.challenge);
    if (verifier === undefined || challengeOf(verifier) !== claims.challenge) throw new Error('another browser');
    if (this.used.has(claims.jti)) throw new Error('used before');
    this.used.add(claims.jti);
    return claims;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    this.requests.push(`${request.method} ${pathname}`);
    const action = pathname.split('dingtalk:')[1];
    if (action === 'start') return this.start(searchParams, response);
    response.writeHead(action === 'redeem' ? 200 : 404, { 'content-type': 'text/html' }).end('');
  }

  private start(query: URLSearchParams, response: ServerResponse): void {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = challengeOf(verifier);
    const [name, redirect, corpId] = ['authenticator', 'redirect', 'corpId'].map((key) => query.get(key));
    const search = new URLSearchParams({ challenge });
    if (redirect != null) search.set('redirect', redirect);
    if (corpId != null) search.set('corpId', corpId);
    const path = `/auth/dingtalk/${name}${query.get('flow') === 'in-app' ? '/in-app' : ''}`;
    response
      .writeHead(302, {
        location: `${this.gatewayUrl}${path}?${search.toString()}`,
        'set-cookie': `${COOKIE}${challenge}=${verifier}; HttpOnly; SameSite=Lax; Path=/nb/api; Max-Age=600`,
      })
      .end();
  }
}
