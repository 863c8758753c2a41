import { randomBytes, randomInt } from 'node:crypto';
import type { TicketIdentity } from '../../src/core/plugin-protocol/index.js';
import type { TestNocoBase } from './nocobase.js';
import type { StandInGateway } from './stand-in-gateway.js';

/** A record of NocoBase's `authenticators`, as an administrator sees it. */
export interface AuthenticatorRow {
  readonly id: number;
  readonly name: string;
  readonly options: Record<string, unknown>;
}

/** Authenticators of type DingTalk, filled in and saved as NocoBase's administrator does. */
export class DingTalkForms {
  /** @param given the suite's values on top of those that every form needs */
  constructor(
    private readonly nocobase: TestNocoBase,
    private readonly gateway: StandInGateway,
    private readonly given: object,
  ) {}

  complete(changes: object = {}): object {
    return {
      gatewayUrl: this.gateway.url,
      nocobaseUrl: this.nocobase.url,
      clientId: 'ding-client',
      corpIds: ['ding-ours'],
      ...this.given,
      ...changes,
    };
  }

  async create(options: object, row: object = {}): Promise<AuthenticatorRow> {
    const name = `dingtalk-${randomInt(1e9)}`;
    const values = { name, authType: 'DingTalk', title: 'DingTalk', enabled: true, options, ...row };
    return this.nocobase.call<AuthenticatorRow>('POST', 'authenticators:create', values);
  }
}

/** The person in a gateway's ticket: a new one each time. */
export function somebody(): TicketIdentity {
  return {
    subject: `union-${randomBytes(8).toString('hex')}`,
    name: 'Somebody',
    phone: `+86138${String(randomInt(1e8)).padStart(8, '0')}`,
    organization: 'ding-ours',
    phonePermission: 'Contact.User.mobile',
  };
}
