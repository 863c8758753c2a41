import type { Clock } from '../clock.js';
import type { Ids } from '../ids.js';
import { decrypt, encrypt, sign } from './push-crypto.js';
import type { DeliveryRecord, SandboxEvent } from './sandbox-event.js';

/** https://open.dingtalk.com/document/development/http-callback-overview */
export interface PushRegistration {
  clientId: string;
  url: string;
  token: string;
  aesKey: string;
  /** Default: the Client ID, as for a subscription in the developer console. */
  owner?: string | undefined;
}

/** The flaw of a delivery that is forged or replayed. */
export const PUSH_FLAWS = ['signature', 'stale', 'owner', 'garbage', 'replay'] as const;
export type PushFlaw = (typeof PUSH_FLAWS)[number];

const DEADLINE_MS = 2500;
const RETRY_MS = [10_000, 30_000];
const HOUR_MS = 3_600_000;

interface PushRequest {
  url: string;
  body: string;
}

/** DingTalk's side of HTTP push: signed, encrypted, with a deadline, and repeated without a valid answer. */
export class PushSender {
  readonly #registrations = new Map<string, PushRegistration>();
  readonly deliveries: DeliveryRecord[] = [];
  readonly #sent = new Map<string, PushRequest>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** As when the address is saved in the console. @returns `success`, or why the address is rejected */
  async register(registration: PushRegistration): Promise<string> {
    const outcome = await this.#post(registration, this.#request(registration, { EventType: 'check_url' }));
    if (outcome === 'success') this.#registrations.set(registration.clientId, registration);
    return outcome;
  }

  deliver(clientId: string, event: SandboxEvent, attempt = 1): void {
    const registration = this.#registrations.get(clientId);
    if (!registration) return;
    const record: DeliveryRecord = { eventId: event.eventId, via: 'push', attempt, outcome: 'pending' };
    this.deliveries.push(record);
    const request = this.#request(registration, contentOf(event));
    this.#sent.set(clientId, request);
    void this.#settle(registration, request, record, () => this.deliver(clientId, event, attempt + 1));
  }

  /** A delivery that must be refused. @returns `success`, or how it was refused */
  async attack(clientId: string, flaw: PushFlaw, event: SandboxEvent): Promise<string> {
    const registration = this.#registrations.get(clientId);
    if (!registration) throw new Error(`The sandbox knows no callback of "${clientId}"`);
    return this.#post(registration, this.#flawed(registration, flaw, contentOf(event)));
  }

  clear(): void {
    this.#registrations.clear();
    this.#sent.clear();
    this.deliveries.length = 0;
  }

  #flawed(registration: PushRegistration, flaw: PushFlaw, content: object): PushRequest {
    const flawed: Record<PushFlaw, () => PushRequest> = {
      signature: () => this.#request({ ...registration, token: `${registration.token}x` }, content),
      stale: () => this.#request(registration, content, this.clock.now() - HOUR_MS),
      owner: () => this.#request({ ...registration, owner: 'dingsomebodyelse' }, content),
      garbage: () => ({ ...this.#request(registration, content), body: JSON.stringify({ encrypt: 'AAAA' }) }),
      replay: () => this.#sent.get(registration.clientId) ?? this.#request(registration, content),
    };
    return flawed[flaw]();
  }

  async #settle(
    registration: PushRegistration,
    request: PushRequest,
    record: DeliveryRecord,
    again: () => void,
  ): Promise<void> {
    record.outcome = await this.#post(registration, request);
    const wait = RETRY_MS[record.attempt - 1];
    if (record.outcome !== 'success' && wait !== undefined) this.clock.after(wait, again);
  }

  #request(
    { url, token, aesKey, clientId, owner }: PushRegistration,
    content: object,
    now = this.clock.now(),
  ): PushRequest {
    const timestamp = String(now);
    const nonce = this.ids.token('nonce').slice(0, 8);
    const encrypted = encrypt(aesKey, this.ids.token('random'), JSON.stringify(content), owner ?? clientId);
    const signature = sign(token, timestamp, nonce, encrypted);
    const target = new URL(url);
    for (const [name, value] of Object.entries({ signature, msg_signature: signature, timestamp, nonce })) {
      target.searchParams.set(name, value);
    }
    return { url: target.href, body: JSON.stringify({ encrypt: encrypted }) };
  }

  async #post(registration: PushRegistration, { url, body }: PushRequest): Promise<string> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      return response.status === 200 ? readReply(registration, await response.json()) : `HTTP ${response.status}`;
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError' ? 'too late' : 'no answer';
    }
  }
}

/** One flat object. */
const contentOf = ({ eventId, type, corpId, userIds, bornAt }: SandboxEvent): object => ({
  EventType: type,
  EventTime: bornAt,
  CorpId: corpId,
  BizId: eventId,
  eventId,
  timeStamp: String(bornAt),
  userId: userIds,
});

/** An acknowledgement is `success`, encrypted and signed like an event. */
function readReply({ token, aesKey, clientId, owner }: PushRegistration, reply: unknown): string {
  const { msg_signature, timeStamp, nonce, encrypt: encrypted } = reply as Record<string, string>;
  if (!encrypted || msg_signature !== sign(token, String(timeStamp), String(nonce), encrypted)) return 'not signed';
  const opened = decrypt(aesKey, encrypted);
  return opened.owner === (owner ?? clientId) ? opened.text : 'not of the owner';
}
