import type { Application } from '@nocobase/server';
import { type DingTalkAuthenticator, findAll, type Unreadable } from '../authenticators.js';
import { clientIdOf } from '../client-id.js';
import { Complaints } from '../complaints.js';
import type { SecretVault } from '../secret-vault.js';
import { isByGateway } from '../sign-in-by.js';
import { LOG } from '../texts.js';

/** How long another node's changes may go unnoticed here; this node's own apply immediately. */
const FRESH_MS = 1000;

/** An authenticator with the credentials of its application at DingTalk, which are empty if a gateway signs people in. */
export interface KnownAuthenticator extends DingTalkAuthenticator {
  readonly clientId: string;
  readonly clientSecret: string;
}

type Known = ReadonlyMap<string, KnownAuthenticator>;

/**
 * The enabled authenticators of type DingTalk. However many people arrive, and whatever names they invent, the database is read at
 * most once a second, and not at all while nobody arrives.
 */
export class KnownAuthenticators {
  private readonly unreadable = new Complaints();
  private readonly clientIds = new Complaints();
  private known: { readonly at: number; readonly found: Promise<Known> } | undefined;

  constructor(
    private readonly app: Application,
    private readonly vault: SecretVault,
  ) {
    const forget = (): void => {
      this.known = undefined;
    };
    for (const event of ['afterSave', 'afterDestroy', 'afterSaveWithAssociations']) {
      app.db.on(`authenticators.${event}`, async (_row, { transaction }) => {
        // A read before the transaction has ended sees the previous state.
        transaction?.afterCommit(forget);
        forget();
      });
    }
  }

  async find(name: unknown): Promise<KnownAuthenticator | undefined> {
    return typeof name === 'string' ? (await this.all()).get(name) : undefined;
  }

  async list(): Promise<readonly KnownAuthenticator[]> {
    return [...(await this.all()).values()];
  }

  private async all(): Promise<Known> {
    if (this.known !== undefined && Date.now() - this.known.at < FRESH_MS) return this.known.found;
    const known = { at: Date.now(), found: this.read() };
    this.known = known;
    // A failed read is not cached.
    known.found.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return known.found;
  }

  private async read(): Promise<Known> {
    const rows = (await findAll(this.app.db, (found) => this.report(found))).filter(({ enabled }) => enabled);
    for (const { name } of rows) this.unreadable.settle(name);
    const known = await Promise.all(rows.map(async (row) => [row.name, await this.forSignIns(row)] as const));
    return new Map(known);
  }

  private report({ name: authenticator, enabled, problem }: Unreadable): void {
    if (!enabled || !this.unreadable.isNew(authenticator, problem)) return;
    this.app.log.warn(LOG.settingsUnreadable.en, { authenticator, problem });
  }

  /** Without credentials if a gateway signs people in: no sign-in here needs them. */
  private async forSignIns(row: DingTalkAuthenticator): Promise<KnownAuthenticator> {
    return isByGateway(row.settings) ? { ...row, clientId: '', clientSecret: '' } : this.withSecret(row);
  }

  /** Adds the credentials that an authenticator, enabled or not, needs at DingTalk. */
  async withSecret(row: DingTalkAuthenticator): Promise<KnownAuthenticator> {
    const clientId = await clientIdOf(row.settings.clientId, this.app.db);
    if ('problem' in clientId) {
      const { problem, name: variable } = clientId;
      if (this.clientIds.isNew(row.name, `${problem} ${variable}`)) {
        this.app.log.warn(LOG.clientIdUnusable.en, { authenticator: row.name, problem, variable });
      }
    } else {
      this.clientIds.settle(row.name);
    }
    const clientSecret = await this.vault.read({ ...row.settings, id: row.id });
    return { ...row, clientId: 'value' in clientId ? clientId.value : '', clientSecret };
  }
}
