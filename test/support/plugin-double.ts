import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { version } from '../../src/config/index.js';
import {
  ASSERTION_HEADER,
  ASSERTION_LIFETIME_SECONDS,
  ASSERTION_TYPE,
  assertionClaims,
  examinationQuestion,
  GATEWAY_REFUSALS,
  JWKS_PATH,
  type NocoBaseFacts,
  type PluginAuthenticator,
  WITHOUT_SECRETS,
} from '../../src/core/plugin-protocol/index.js';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from '../../sandbox/index.js';

/** An answer that replaces the correct one: a status with a body, or a delay. */
export interface Spoiled {
  readonly status?: number;
  readonly body?: string;
  readonly delayMs?: number;
}

/**
 * Replaces a NocoBase with the companion plugin, as far as gateways call it: it fetches their keys, verifies their assertions,
 * accepts each of them once, and answers only for the gateway that asks. The plugin itself is tested in a real NocoBase
 * (`nocobase-plugin/`).
 */
export class PluginDouble {
  /** What its administrator has configured, by gateway. */
  readonly gateways = new Map<string, PluginAuthenticator[]>();
  /** `NOCOBASE_PUBLIC_URL`, as entered in the form. */
  publicUrl: string;
  spoiled: Spoiled | undefined;
  /** Version of its package. */
  version = version();
  /** Thumbprints of the keys that its administrator has pinned. */
  pinned: readonly string[] | undefined;
  /** The facts about this NocoBase for the doctor; undefined: the plugin is too old to send them. */
  facts: NocoBaseFacts | undefined;
  /** Every received assertion, and every requested action. */
  readonly assertions: string[] = [];
  readonly asked: string[] = [];
  /** The query of each. */
  readonly queries: string[] = [];
  private readonly used = new Set<string>();
  private readonly examinations = new Map<string, string>();
  private server: Server;

  private constructor(
    private readonly port: number,
    server: Server,
  ) {
    this.server = server;
    this.publicUrl = this.url;
  }

  static async start(): Promise<PluginDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const double = new PluginDouble((server.address() as AddressInfo).port, server);
    server.on('request', double.serve);
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** An administrator presses "Test". @returns what the plugin posts to the gateway */
  press(authenticator: string): string {
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
    this.examinations.set(id, authenticator);
    return id;
  }

  async goAway(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async comeBack(): Promise<void> {
    this.server = createServer(this.serve);
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  private readonly serve = (request: IncomingMessage, response: ServerResponse): void => {
    void this.reply(request, response);
  };

  private async reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request);
    const { spoiled } = this;
    if (spoiled?.delayMs !== undefined) await delay(spoiled.delayMs, undefined, { ref: false });
    response.writeHead(spoiled?.status ?? status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(spoiled?.body ?? JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const { pathname, search } = new URL(request.url ?? '/', this.url);
    const action = pathname.replace('/api/', '');
    this.asked.push(action);
    this.queries.push(search);
    if (action === 'auth:check') return refused('EMPTY_TOKEN');
    if (!action.startsWith('dingtalk:')) return { status: 404, body: {} };
    const assertion = String(request.headers[ASSERTION_HEADER] ?? '');
    this.assertions.push(assertion);
    const { iss } = decodeJwt(assertion);
    const authenticators = this.gateways.get(iss ?? '');
    if (iss === undefined || authenticators === undefined) return refused(GATEWAY_REFUSALS.unknownGateway);
    const claims = await this.verified(assertion, iss);
    if (typeof claims === 'string') return refused(claims);
    const { kid = '' } = decodeProtectedHeader(assertion);
    if (this.pinned !== undefined && !this.pinned.includes(kid)) return refused(GATEWAY_REFUSALS.keyNotPinned);
    if (claims.aud !== this.publicUrl) return refused(GATEWAY_REFUSALS.otherAddress);
    if (this.used.has(claims.jti)) return refused(GATEWAY_REFUSALS.invalidAssertion);
    this.used.add(claims.jti);
    if (action === 'dingtalk:settings') {
      const { searchParams } = new URL(request.url ?? '/', this.url);
      const withoutSecrets = searchParams.toString() === WITHOUT_SECRETS;
      const told = withoutSecrets ? authenticators.map((one) => ({ ...one, clientSecret: '' })) : authenticators;
      const facts = searchParams.get('facts') === '1' && this.facts !== undefined ? { facts: this.facts } : {};
      return {
        status: 200,
        body: { data: { version: this.version, gatewayUrl: iss, authenticators: told, ...facts } },
      };
    }
    const { id, authenticator } = examinationQuestion.parse(JSON.parse(await bodyOf(request)));
    const confirmed = this.examinations.get(id) === authenticator;
    this.examinations.delete(id);
    return { status: 200, body: { data: { confirmed } } };
  }

  private async verified(assertion: string, issuer: string) {
    try {
      const keys = createRemoteJWKSet(new URL(`${issuer}${JWKS_PATH}`));
      const { payload } = await jwtVerify(assertion, keys, {
        issuer,
        typ: ASSERTION_TYPE,
        algorithms: ['EdDSA'],
        maxTokenAge: ASSERTION_LIFETIME_SECONDS,
      });
      return assertionClaims.parse(payload);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      return code.startsWith('ERR_J') ? GATEWAY_REFUSALS.invalidAssertion : GATEWAY_REFUSALS.noKeys;
    }
  }
}

function refused(code: string): { status: number; body: object } {
  return { status: 401, body: { errors: [{ code, message: 'refused' }] } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** The form, filled in for the sandbox's demo application. */
export function filledIn(change: Partial<PluginAuthenticator> = {}): PluginAuthenticator {
  return {
    name: 'dingtalk',
    title: '',
    enabled: true,
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    corpIds: ['dingcorp1'],
    autoSignUp: false,
    allowAnyOrganization: false,
    identity: 'profile',
    defaultRoles: [],
    fields: [],
    ...change,
  };
}
