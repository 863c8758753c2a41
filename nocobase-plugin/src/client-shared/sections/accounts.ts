import { DEFAULT_REGION } from '../../../../src/core/accounts/default-region.js';
import { PROTECTED_ROLES } from '../../../../src/core/settings/form-rules.js';
import type { FormField } from '../form-field.js';
import {
  problemWithExclusiveLogin,
  problemWithProtectedRoles,
  problemWithRegion,
  problemWithUserFields,
} from '../rules.js';

/** Who a person is, and what NocoBase stores about them. */
export const accounts: readonly FormField[] = [
  {
    path: ['exclusiveLogin'],
    label: 'Sign in with dedicated accounts',
    help: 'DingTalk asks for a dedicated account of the organization. Exactly one organization must be entered above.',
    control: 'Tick',
    onlyBy: 'nocobase',
    initial: false,
    problem: problemWithExclusiveLogin,
  },
  {
    path: ['identity'],
    label: 'Who a person is',
    help: "The organization's record needs two more permissions at DingTalk: qyapi_get_member and the employee's mobile number.",
    control: 'Identity',
    initial: 'profile',
  },
  {
    path: ['fields'],
    label: 'User fields',
    help: 'What else NocoBase stores about a person: <field of users>=<field of DingTalk>:<never, fill-empty or overwrite>, such as avatarUrl=avatarUrl:overwrite. Press Enter after each.',
    control: 'List',
    initial: [],
    problem: problemWithUserFields,
  },
  {
    path: ['protectedRoles'],
    label: 'Protected roles',
    help: 'Accounts with these roles are never linked by mobile number, and their fields are never changed.',
    control: 'Roles',
    initial: [...PROTECTED_ROLES],
    problem: problemWithProtectedRoles,
  },
  {
    path: ['severalBindings'],
    label: 'One user, several organizations',
    help: 'A person who works in two organizations can be linked to one user from both. Otherwise a linked user is never linked a second time.',
    control: 'Tick',
    initial: false,
  },
  {
    path: ['defaultRegion'],
    label: 'Country of phone numbers',
    help: 'For phone numbers that are stored without a country code: two capital letters (ISO 3166), such as CN',
    control: 'Line',
    required: true,
    initial: DEFAULT_REGION,
    problem: problemWithRegion,
  },
];
