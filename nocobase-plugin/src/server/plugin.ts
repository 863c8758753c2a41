import { Plugin } from '@nocobase/server';
import { FailureLines } from '../../../src/core/limits/index.js';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { Accounts } from './accounts.js';
import { GatewayAssertions } from './gateway-assertions.js';
import { AuthenticatorRows } from './authenticator-rows.js';
import { Flows } from './alone/flows.js';
import { KnownAuthenticators } from './alone/known-authenticators.js';
import { DOOR, door } from './door/door.js';
import { dingTalkAuth } from './dingtalk-auth.js';
import { credentialsAtSaving } from './credentials-at-saving.js';
import { confirmExaminationAction, examineAction } from './examination.js';
import { GatewayKeys } from './gateway-keys.js';
import { keysAction } from './keys.action.js';
import { leaverActions } from './leavers/admin.actions.js';
import { LEAVERS_RESOURCE } from './leavers/admin-api.js';
import { bookAction } from './leavers/book.action.js';
import { Leavers } from './leavers/books.js';
import { enforceLocks, sayLocked } from './leavers/enforcement.js';
import { keepLocks } from './leavers/keep-locks.js';
import { LockedSignIns } from './leavers/locked-sign-ins.js';
import { Watches } from './leavers/watches.js';
import { PACKAGE, RESOURCE } from './names.js';
import { Once } from './once.js';
import { SecretSlips } from './secret-slip.js';
import { SecretVault } from './secret-vault.js';
import { publicOptions } from './settings.js';
import { settingsAction } from './settings.action.js';
import { refuseWhileInUse } from './still-in-use.js';
import { signInForOurs } from './sign-in-for-ours.js';
import { takeOverAction } from './take-over/take-over.action.js';
import { type Verdict, verdictOn } from './supported.js';
import { LOG, SWITCH } from './texts.js';
import { UsedTickets } from './used-tickets.js';

export class DingTalkPlugin extends Plugin {
  /** NocoBase shows the message to the administrator who uses the switch. */
  override async beforeEnable(): Promise<void> {
    const { kind, why } = this.verdict();
    if (kind === 'refused') throw new Error(SWITCH.refused(why).en);
  }

  override async beforeDisable(): Promise<void> {
    await refuseWhileInUse(this.db);
  }

  override async load(): Promise<void> {
    const { app, db } = this;
    const { kind, why } = this.verdict();
    if (kind === 'untested') app.log.warn(LOG.untested(why).en);
    if (kind === 'refused') {
      // NocoBase itself starts, and people can use its other ways to sign in.
      app.log.error(LOG.notLoaded(why).en);
      keepLocks(app);
      return;
    }
    const keys = new GatewayKeys();
    const once = await Once.in(app);
    const assertions = new GatewayAssertions(keys, once);
    const vault = new SecretVault(app);
    const slips = new SecretSlips();
    const rows = new AuthenticatorRows(db, vault, slips);
    rows.watch();
    // "Remove" does not notify the plugin that it removes.
    db.on('applicationPlugins.beforeDestroy', async (row) => {
      if (row.get('packageName') === PACKAGE) await refuseWhileInUse(db);
    });
    app.dataSourceManager.use(slips.middleware, { tag: 'dingtalkSecrets', before: 'auth' });
    app.dataSourceManager.use(credentialsAtSaving({ vault, slips }), { tag: 'dingtalkCredentials', after: 'acl' });
    const known = new KnownAuthenticators(app, vault);
    app.dataSourceManager.use(signInForOurs(known), { tag: 'dingtalkSignInForOurs', before: 'auth' });

    const leavers = new Leavers(app);
    leavers.watch();
    const { locked } = leavers;
    const signIns = new LockedSignIns(app, locked);
    signIns.watch();
    app.dataSourceManager.use(signIns.middleware, { tag: 'dingtalkLockedSignIn', before: 'auth' });
    app.dataSourceManager.use(sayLocked(locked), { tag: 'dingtalkSayLocked', before: 'auth' });
    enforceLocks(app, locked);

    const tickets = new UsedTickets(app);
    const flows = new Flows(app, tickets);
    const failures = new FailureLines((lines) => app.log.warn(LOG.failuresNotWritten.en, lines));
    const watches = new Watches(app, known, leavers);
    watches.watch();
    leavers.onMet = (authenticator, unionId) => watches.met(authenticator, unionId);
    app.use(door({ known, flows, watches, failures }), DOOR);
    app.authManager.registerTypes(AUTH_TYPE, {
      auth: dingTalkAuth({ keys, tickets, accounts: new Accounts(app, leavers), flows, failures }),
      title: `{{t("DingTalk", ${JSON.stringify({ ns: PACKAGE })})}}`,
      getPublicOptions: publicOptions,
    });
    app.resourceManager.define({
      name: RESOURCE,
      actions: {
        settings: settingsAction({ assertions, vault, version: this.options.version ?? '' }),
        confirmExamination: confirmExaminationAction(assertions, once),
        examine: examineAction({ once, vault }),
        book: bookAction({ assertions, leavers }),
        keys: keysAction(keys),
        takeOver: takeOverAction({ known, flows }),
      },
    });
    const actions = leaverActions(leavers, watches);
    app.resourceManager.define({ name: LEAVERS_RESOURCE, actions });
    const changing = ['lock', 'unlock', 'ask', 'goOn'].map((action) => `${LEAVERS_RESOURCE}:${action}`);
    app.auditManager.registerActions(changing);
    for (const action of ['settings', 'confirmExamination', 'book']) {
      app.acl.allow(RESOURCE, action, 'public');
    }
    // The right to configure plugins, as for the page that contains the buttons.
    app.acl.registerSnippet({
      name: 'pm.auth.dingtalk',
      actions: [
        ...['examine', 'keys', 'takeOver'].map((action) => `${RESOURCE}:${action}`),
        ...Object.keys(actions).map((action) => `${LEAVERS_RESOURCE}:${action}`),
      ],
    });
  }

  private verdict(): Verdict {
    const { app } = this;
    return verdictOn({ nocobase: app.getPackageVersion(), node: process.versions.node, app: app.name });
  }
}
