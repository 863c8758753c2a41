import { z } from 'zod';
import type { StockPatient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const authenticators = z.object({ data: z.array(z.object({ name: z.string(), enabled: z.boolean().nullish() })) });
const publicList = z.object({ data: z.array(z.object({ name: z.string(), authTypeTitle: z.string().nullish() })) });
const roles = z.object({ data: z.array(z.object({ name: z.string(), default: z.boolean().nullish() })) });

/** The row that bindings belong to. */
export const authenticatorProbe: Probe<StockPatient> = {
  id: 'nocobase.authenticator',
  title: text('Authenticator at NocoBase', 'NocoBase 认证器'),
  needs: ['nocobase.rights'],
  run: async ({ nocobase, authenticator: { name, nocobase: options } }) => {
    const query = { filter: JSON.stringify({ name }), fields: 'name,enabled', paginate: 'false' };
    const listed = authenticators.parse(
      (await nocobase.get('authenticators:list', { token: options.apiToken, query })).json,
    );
    const row = listed.data.find((candidate) => candidate.name === name);
    if (row === undefined) {
      return failed(
        text(`NocoBase has no authenticator ${name}`, `NocoBase 没有认证器 ${name}`),
        text(
          `Run \`nocobase-dingtalk-gateway provision --authenticator ${name}\`, or correct NOCOBASE_AUTHENTICATOR.`,
          `请运行 \`nocobase-dingtalk-gateway provision --authenticator ${name}\`，或更正 NOCOBASE_AUTHENTICATOR。`,
        ),
      );
    }
    if (!row.enabled)
      return ok(text(`${name} is there, and disabled as it should be`, `${name} 已存在，并按要求处于禁用状态`));
    const shown = publicList
      .parse((await nocobase.get('authenticators:publicList')).json)
      .data.find((one) => one.name === name);
    // A type that a plug-in registers has a title.
    if (shown?.authTypeTitle)
      return ok(text(`${name} is enabled, and NocoBase knows its type`, `${name} 已启用，且 NocoBase 认识其类型`));
    return failed(
      text(
        `${name} is enabled, but no plug-in of NocoBase knows its type: whoever comes with it sees "No permissions" everywhere`,
        `${name} 已启用，但 NocoBase 没有插件支持其类型：用它登录的人到处都会看到“没有权限”`,
      ),
      text(
        `NocoBase, Settings, Authentication, Authenticators: disable ${name}. It only holds the bindings.`,
        `NocoBase → 设置 → 用户认证 → 认证器：禁用 ${name}。它只用于保存绑定。`,
      ),
    );
  },
};

/** Without a role a new user can do nothing. */
export const newUserRolesProbe: Probe<StockPatient> = {
  id: 'nocobase.new-user-roles',
  title: text('Roles of new users', '新用户的角色'),
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => authenticator.dingtalk.autoSignUp,
  run: async ({ nocobase, authenticator: { dingtalk, nocobase: options } }) => {
    const { data } = roles.parse(
      (await nocobase.get('roles:list', { token: options.apiToken, query: { paginate: 'false' } })).json,
    );
    const known = new Set(data.map(({ name }) => name));
    const unknown = dingtalk.defaultRoles.filter((name) => !known.has(name));
    if (unknown.length > 0) {
      const list = unknown.join(', ');
      return failed(
        text(`NocoBase has no role ${list}`, `NocoBase 没有角色 ${list}`),
        text(
          'Correct DINGTALK_DEFAULT_ROLES: it takes the UID of a role (NocoBase, Settings, Users & Permissions, Roles & Permissions), not its title.',
          '请更正 DINGTALK_DEFAULT_ROLES：应填写角色的 UID（NocoBase → 设置 → 用户和权限 → 角色和权限），而不是显示名称。',
        ),
      );
    }
    const given =
      dingtalk.defaultRoles.length > 0
        ? dingtalk.defaultRoles
        : data.flatMap((role) => (role.default ? [role.name] : []));
    if (given.length > 0) return ok(text(`new users get ${given.join(', ')}`, `新用户获得 ${given.join('、')}`));
    return failed(
      text('NocoBase has no default role', 'NocoBase 没有默认角色'),
      text(
        'Set DINGTALK_DEFAULT_ROLES, or make a role the default one in NocoBase.',
        '请设置 DINGTALK_DEFAULT_ROLES，或在 NocoBase 中设置默认角色。',
      ),
    );
  },
};
