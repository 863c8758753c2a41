import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  ASSERTION_HEADER,
  ASSERTION_TYPE,
  assertionClaims,
  JWKS_PATH,
  TICKET_LIFETIME_SECONDS,
  TICKET_TYPE,
  type TicketClaims,
  ticketClaims,
} from '../../src/plugin-protocol/index.js';

const COOKIE = 'nb_dingtalk_';

/** base64url of the SHA-256 of what the browser keeps. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/**
 * As much of a NocoBase with the companion plugin as browsers and the gateway meet: it starts sign-ins, redeems tickets by
 * the keys that the gateway publishes, and says which authenticators there are. The real one has tests of its own.
 */
export class PluginDouble {
  /** `METHOD path` of every request, in order. */
  readonly requests: string[] = [];
  authenticators: { name: string; enabled: boolean }[] = [{ name: 'dingtalk', enabled: true }];
  private readonly used = new Set<string>();
  private gatewayUrl = '';

  private constructor(
    private readonly server: Server,
    /** Without a slash at its end; NocoBase lives below a path here. */
    readonly url: string,
  ) {}

  static async start(): Promise<PluginDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const double = new PluginDouble(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/nb`);
    server.on('request', (request, response) => void double.answer(request, response));
    return double;
  }

  /** The gateway address that the administrator has entered. */
  trust(gatewayUrl: string): void {
    this.gatewayUrl = gatewayUrl;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What the plugin's `validate` does before it looks at anybody's account. Rejects with the reason. */
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

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    this.requests.push(`${request.method} ${pathname}`);
    const action = pathname.split('dingtalk:')[1];
    if (action === 'start') return this.start(searchParams, response);
    if (action === 'settings') return this.settings(request, response);
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

  private async settings(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const keys = createRemoteJWKSet(new URL(this.gatewayUrl + JWKS_PATH));
      const { payload } = await jwtVerify(String(request.headers[ASSERTION_HEADER]), keys, {
        algorithms: ['EdDSA'],
        typ: ASSERTION_TYPE,
        issuer: this.gatewayUrl,
        audience: this.url,
      });
      assertionClaims.parse(payload);
    } catch {
      json(401, { errors: [{ code: 'DINGTALK_ASSERTION_INVALID', message: 'refused' }] });
      return;
    }
    const rest = {
      title: '',
      clientId: 'dingsandboxapp',
      clientSecret: 'secret',
      corpIds: [],
      autoSignUp: false,
      allowAnyOrganization: false,
      identity: 'profile',
      defaultRoles: [],
      fields: [],
    };
    const authenticators = this.authenticators.map((each) => ({ ...rest, ...each }));
    json(200, { data: { version: '0.0.0', gatewayUrl: this.gatewayUrl, authenticators } });
  }
}
