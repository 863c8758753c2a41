import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { NOCOBASES_OWN_ROLES } from '../../nocobase-client/index.js';
import type { UpstreamHttpClient } from '../../core/upstream/index.js';
import { joined, type Text, TextError } from '../../core/texts/index.js';
import { type NocoBaseAccount, NocoBaseAdmin } from './nocobase-admin.js';
import { OUTCOMES, TEXTS } from './texts.js';

export interface ProvisionOptions {
  /** NocoBase's address without the path of its API. */
  readonly url: string;
  /** Path of its API; default: `/api/`. */
  readonly apiBasePath?: string | undefined;
  /** Of an account with the role root. Used once, stored nowhere. */
  readonly account: string;
  readonly password: string;
  /** Name of the role, and of the user that holds it. */
  readonly name: string;
  readonly authenticator: string;
  /** Name of a sub-app; default: the main application. */
  readonly app?: string;
  /** The role's rights: collection, action, fields. */
  readonly rights: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Reads without writing. */
  readonly dryRun: boolean;
}

/** A name that needs no escaping anywhere. */
const NAME = /^[A-Za-z][\w-]{2,49}$/;

/** An obstacle that this command does not touch. */
export class ProvisionRefusedError extends TextError {}

/** What was found and done, in order; in a dry run, what would be done. */
export interface ProvisionStep {
  readonly what: Text;
  readonly outcome: keyof typeof OUTCOMES;
}

const anything = z.unknown();
const withId = z.object({ id: z.int().positive() });
const withRoles = withId.extend({ roles: z.array(z.object({ name: z.string() })) });
const NO_SETTINGS_PAGES = ['!ui.*', '!pm', '!pm.*'];
/** Granted only while the key is created: without it a user cannot create API keys, not even their own. */
const API_KEYS_PAGE = ['!ui.*', 'pm.api-keys.configuration'];

/**
 * Creates, or repairs, what the gateway needs in a stock NocoBase: a role with minimal rights, a user with only that
 * role, its API key, and the disabled authenticator that bindings belong to. May be repeated; every run creates a new
 * key, and leaves older ones valid.
 *
 * @returns the API key; undefined in a dry run
 */
export async function provision(
  http: UpstreamHttpClient,
  options: ProvisionOptions,
  report: (step: ProvisionStep) => void,
): Promise<string | undefined> {
  const { name, authenticator, dryRun, app = 'main' } = options;
  for (const wanted of [name, authenticator]) {
    if (!NAME.test(wanted) || NOCOBASES_OWN_ROLES.includes(wanted))
      throw new ProvisionRefusedError(TEXTS.badName(wanted));
  }
  const admin = await NocoBaseAdmin.signIn(http, { ...options, app });
  const write = async (action: string, values: object, query?: Readonly<Record<string, string>>): Promise<void> => {
    if (!dryRun) await admin.write(action, values, anything, query);
  };

  const role = await admin.find('roles', 'name', name, z.object({ name: z.string() }));
  // The title is unique, too.
  if (!role) await write('roles:create', { name, title: name, snippets: NO_SETTINGS_PAGES });
  report({ what: TEXTS.role(name), outcome: role ? 'as it should be' : 'created' });

  for (const [collection, actions] of Object.entries(options.rights)) {
    const outcome = await grant(admin, name, collection, actions, { dryRun, isNew: !role });
    report({ what: TEXTS.rights(collection, Object.keys(actions).join(', ')), outcome });
  }

  const row = await admin.find(
    'authenticators',
    'name',
    authenticator,
    withId.extend({ enabled: z.boolean().nullish() }),
  );
  if (!row) {
    await write('authenticators:create', {
      name: authenticator,
      authType: 'DingTalk',
      title: 'DingTalk',
      enabled: false,
    });
  }
  report({
    what: joined([TEXTS.authenticator(authenticator), ...(row?.enabled ? [] : [TEXTS.disabled])], ''),
    outcome: !row
      ? 'created'
      : row.enabled
        ? 'left as it is: it is enabled. Disable it, unless the companion plugin is there'
        : 'as it should be',
  });

  // No one knows the password of the gateway's user: each run sets a new one, just for creating the key.
  const password = randomBytes(24).toString('base64url');
  const user = await admin.find('users', 'username', name, withRoles, 'roles');
  if (user && (user.id === 1 || user.roles.some((held) => held.name !== name))) {
    throw new ProvisionRefusedError(TEXTS.someoneElses(name));
  }
  if (user) await write('users:update', { password, roles: [name] }, { filterByTk: String(user.id) });
  else await write('users:create', { nickname: name, username: name, password, roles: [name] });
  const hasRole = user?.roles.some((held) => held.name === name);
  report({ what: TEXTS.user(name), outcome: !user ? 'created' : hasRole ? 'as it should be' : 'repaired' });

  const apiKey = dryRun ? undefined : await makeKey(http, admin, { ...options, app, account: name, password });
  report({ what: TEXTS.apiKey, outcome: 'created' });
  return apiKey;
}

const granted = z.object({
  usingActionsConfig: z.boolean().nullish(),
  actions: z
    .array(z.object({ name: z.string(), fields: z.array(z.string()).nullish(), scopeId: z.unknown() }))
    .nullish(),
});

/** Grants exactly these rights, whatever was there before; writes nothing if they are already granted. */
async function grant(
  admin: NocoBaseAdmin,
  role: string,
  collection: string,
  wanted: Readonly<Record<string, readonly string[]>>,
  { dryRun, isNew }: { readonly dryRun: boolean; readonly isNew: boolean },
): Promise<ProvisionStep['outcome']> {
  const where = { dataSourceKey: 'main', name: collection };
  const actions = Object.entries(wanted).map(([name, fields]) => ({ name, fields }));
  const resource = `roles/${role}/dataSourceResources`;
  const row = isNew ? undefined : await admin.get(resource, where, granted, 'actions');
  if (row !== undefined && row.usingActionsConfig && saysTheSame(row.actions ?? [], actions)) return 'as it should be';
  if (!dryRun) {
    const rights = { ...where, usingActionsConfig: true, actions };
    if (row === undefined) await admin.write(`${resource}:create`, rights, anything);
    else await admin.write(`${resource}:update`, rights, anything, { filter: JSON.stringify(where) });
  }
  return row === undefined ? 'created' : 'repaired';
}

interface Action {
  readonly name: string;
  readonly fields?: readonly string[] | null | undefined;
  /** Restricts the records; ours are not restricted. */
  readonly scopeId?: unknown;
}

function saysTheSame(some: readonly Action[], others: readonly Action[]): boolean {
  const written = (actions: readonly Action[]): string =>
    JSON.stringify(
      actions
        .map(({ name, fields, scopeId }) => ({ name, fields: (fields ?? []).toSorted(), scope: scopeId ?? null }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  return written(some) === written(others);
}

async function makeKey(http: UpstreamHttpClient, admin: NocoBaseAdmin, account: NocoBaseAccount): Promise<string> {
  const name = account.account;
  const setSnippets = (snippets: readonly string[]): Promise<unknown> =>
    admin.write('roles:update', { snippets }, anything, { filterByTk: name });
  await setSnippets(API_KEYS_PAGE);
  // NocoBase refuses tokens issued in the same second in which the password was changed.
  await delay(1100);
  try {
    const user = await NocoBaseAdmin.signIn(http, account);
    // Two keys created in the same second with the same lifetime are identical: the name distinguishes them for people.
    const values = { name: `${name} ${new Date().toISOString()}`, role: { name }, expiresIn: 'never' };
    return (await user.write('apiKeys:create', values, z.object({ token: z.string().min(1) }))).token;
  } finally {
    await setSnippets(NO_SETTINGS_PAGES);
  }
}
