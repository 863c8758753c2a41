import { z } from 'zod';
import { failed, NEW_USER_ROLES_PROBE, newUserRolesFinding, ok, type Probe } from '../../core/doctor/index.js';
import type { StockContext } from '../doctor-context.js';
import { AUTHENTICATOR } from '../texts/accounts.js';

const authenticators = z.object({ data: z.array(z.object({ name: z.string(), enabled: z.boolean().nullish() })) });
const publicList = z.object({ data: z.array(z.object({ name: z.string(), authTypeTitle: z.string().nullish() })) });
const roles = z.object({ data: z.array(z.object({ name: z.string(), default: z.boolean().nullish() })) });

/** The record that bindings belong to. */
export const authenticatorProbe: Probe<StockContext> = {
  id: 'nocobase.authenticator',
  title: AUTHENTICATOR.title,
  needs: ['nocobase.rights'],
  run: async ({ nocobase, authenticator: { name, nocobase: options } }) => {
    const query = { filter: JSON.stringify({ name }), fields: 'name,enabled', paginate: 'false' };
    const listed = authenticators.parse(
      (await nocobase.get('authenticators:list', { token: options.apiToken, query })).json,
    );
    const row = listed.data.find((candidate) => candidate.name === name);
    if (row === undefined) {
      return failed(AUTHENTICATOR.none(name), AUTHENTICATOR.provision(name));
    }
    if (!row.enabled) return ok(AUTHENTICATOR.disabled(name));
    const shown = publicList
      .parse((await nocobase.get('authenticators:publicList')).json)
      .data.find((one) => one.name === name);
    // A type that a plugin registers has a title.
    if (shown?.authTypeTitle) return ok(AUTHENTICATOR.ofKnownType(name));
    return failed(AUTHENTICATOR.ofUnknownType(name), AUTHENTICATOR.disable(name));
  },
};

export const newUserRolesProbe: Probe<StockContext> = {
  ...NEW_USER_ROLES_PROBE,
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => authenticator.dingtalk.autoSignUp,
  run: async ({ nocobase, authenticator: { dingtalk, nocobase: options } }) => {
    const { data } = roles.parse(
      (await nocobase.get('roles:list', { token: options.apiToken, query: { paginate: 'false' } })).json,
    );
    return newUserRolesFinding(dingtalk.defaultRoles, data);
  },
};
