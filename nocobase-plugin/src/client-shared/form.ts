import { DEFAULT_REGION } from '../../../src/core/accounts/default-region.js';
import { isText } from '../../../src/core/browser/index.js';
import { holdsVariable, variablesIn } from '../server/variables.js';
import { nocobaseUrl } from './addresses.js';
import type { Client } from './client-app.js';
import type { ControlName } from './controls.js';
import {
  needsPrivateHttp,
  type Problem,
  problemWithAnyOrganization,
  problemWithClientId,
  problemWithCorpIds,
  problemWithDefaultRoles,
  problemWithGateway,
  problemWithInternalGateway,
  problemWithNocobase,
  problemWithPins,
  problemWithRegion,
  problemWithReturnPaths,
  problemWithUserFields,
} from './rules.js';
import { type FormOptions, namesOrganizations, wouldTakeAnybody } from './settings.js';
import type { Text } from './text.js';
import { PROTECTED_ROLES } from '../../../src/core/settings/form-rules.js';

/** One setting: the same in both clients, each of which shows it in the manner of its own forms. */
export interface FormField {
  /** Below `options`. */
  readonly path: readonly string[];
  readonly label: Text;
  readonly help?: Text;
  readonly control: ControlName;
  readonly required?: boolean;
  readonly initial?: unknown;
  readonly problem?: (value: unknown, options: FormOptions) => Problem;
  /** Of NocoBase's, `{{ $env.X }}`. */
  readonly mayHoldVariable?: boolean;
  /** Else only what was filled in is looked at. */
  readonly checkedWhenEmpty?: boolean;
  readonly isShown?: (options: FormOptions) => boolean;
}

export interface FormSection {
  readonly title: Text;
  readonly fields: readonly FormField[];
}

/** What is wrong with what stands in a field; that something stands in it is the forms' own to ask for. */
export function problemOf(field: FormField, value: unknown, options: FormOptions): Problem {
  const isEmpty = value === undefined || value === null || value === '' || value === false;
  if (isEmpty && field.checkedWhenEmpty !== true) return undefined;
  return problemWithVariable(field, value) ?? field.problem?.(value, options);
}

/** The server knows which variables there are, and which of them are secrets. */
function problemWithVariable({ mayHoldVariable, control }: FormField, value: unknown): Problem {
  if (!holdsVariable(value)) return undefined;
  if (control === 'Secret') return 'settings.variableInSecret';
  return mayHoldVariable === true && isText(value) && variablesIn(value) !== undefined
    ? undefined
    : 'settings.variable';
}

/** The settings in the order in which an administrator comes by them. */
export function formSections(client: Client): readonly FormSection[] {
  return [
    {
      title: 'Gateway',
      fields: [
        {
          path: ['gatewayUrl'],
          label: 'Gateway address',
          help: 'PUBLIC_URL of the gateway, as browsers reach it, such as https://sso.example.com',
          control: 'Line',
          required: true,
          problem: problemWithGateway,
        },
        {
          path: ['allowPrivateHttp'],
          label: 'Allow http in a private network',
          help: "Whoever can read or change the traffic of this network can then take over any sign-in and any session. The gateway needs ALLOW_PRIVATE_HTTP=true, too. Better: https with a certificate of an internal CA, whose root NocoBase's server trusts by NODE_EXTRA_CA_CERTS.",
          control: 'Tick',
          initial: false,
          isShown: needsPrivateHttp,
        },
      ],
    },
    {
      title: 'DingTalk application',
      fields: [
        {
          path: ['clientId'],
          label: 'Client ID',
          help: "DingTalk's developer console › Basic Information › Credentials and Basic Information. Formerly AppKey.",
          control: 'Line',
          required: true,
          mayHoldVariable: true,
          problem: problemWithClientId,
        },
        {
          path: ['clientSecret'],
          label: 'Client Secret',
          help: 'On the same page of the console. Formerly AppSecret. It is kept encrypted and never shown again.',
          control: 'Secret',
        },
        {
          path: ['redirectUrl'],
          label: 'Redirect URL',
          help: "Copy it to DingTalk's developer console › Development Configuration › Security Settings › Redirect URL. It counts once the application is published.",
          control: 'RedirectUrl',
        },
      ],
    },
    {
      title: 'Who may sign in',
      fields: [
        {
          path: ['corpIds'],
          label: 'Organizations (CorpId)',
          help: "The CorpId stands at the top right of the developer console's home page. Only members of these organizations may sign in. Press Enter after each.",
          control: 'List',
          initial: [],
          problem: problemWithCorpIds,
        },
        {
          path: ['match'],
          label: 'How people are matched',
          help: 'A person who is not linked to a user yet. Not by any field: only links that an administrator or a sign-up made count.',
          control: 'Match',
          initial: 'phone',
        },
        {
          path: ['autoSignUp'],
          label: 'Sign up automatically when the user does not exist',
          help: 'Otherwise only people get in who are linked to a NocoBase user already, or matched to one.',
          control: 'Tick',
          initial: false,
        },
        {
          path: ['allowAnyOrganization'],
          label: 'Allow people of any organization',
          help: 'No organization is named above: anybody with a DingTalk account could become a user here.',
          control: 'Tick',
          initial: false,
          problem: problemWithAnyOrganization,
          checkedWhenEmpty: true,
          isShown: wouldTakeAnybody,
        },
        {
          path: ['signUpWithoutPhone'],
          label: 'Also without a mobile number',
          help: 'For dedicated accounts and hidden numbers: whoever DingTalk gives no number of becomes a new user, even if there is one already.',
          control: 'Tick',
          initial: false,
          isShown: (options) => options.autoSignUp === true && namesOrganizations(options),
        },
        {
          path: ['defaultRoles'],
          label: 'Roles of new users',
          help: "Without any, they get NocoBase's default role.",
          control: 'Roles',
          initial: [],
          problem: problemWithDefaultRoles,
          isShown: ({ autoSignUp }) => autoSignUp === true,
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
          help: 'What else NocoBase keeps of a person: <field of users>=<field of DingTalk>:<never, fill-empty or overwrite>, such as avatarUrl=avatarUrl:overwrite. Press Enter after each.',
          control: 'List',
          initial: [],
          problem: problemWithUserFields,
        },
      ],
    },
    {
      title: 'Sign-in page',
      fields: [
        {
          path: ['public', 'autoSignIn'],
          label: 'Go to DingTalk at once',
          help: 'Whoever opens the sign-in page is taken to DingTalk without pressing the button. The way out: add ?local=1 to the address of the sign-in page.',
          control: 'Tick',
          initial: false,
        },
      ],
    },
    {
      title: 'More settings',
      fields: [
        {
          path: ['gatewayInternalUrl'],
          label: 'Internal gateway address',
          help: "How NocoBase's server reaches the gateway, if not by the address above, with the path of that address if it has one, such as http://gateway:3000/sso. If it changes, enter the Client Secret again.",
          control: 'Line',
          problem: problemWithInternalGateway,
        },
        {
          path: ['gatewayKeys'],
          label: 'Pinned keys of the gateway',
          help: 'Thumbprints (RFC 7638). With any here, what another key signed is refused. Before AUTH_COOKIE_SECRET of the gateway changes, add the new key; remove the old one when it is gone.',
          control: 'PinnedKeys',
          initial: [],
          problem: problemWithPins,
        },
        {
          path: ['nocobaseUrl'],
          label: 'Address of NocoBase',
          help: 'As browsers reach it. It must equal NOCOBASE_PUBLIC_URL of the gateway.',
          control: 'Line',
          required: true,
          initial: nocobaseUrl(client),
          problem: problemWithNocobase,
        },
        {
          path: ['protectedRoles'],
          label: 'Protected roles',
          help: 'Accounts with these roles are never linked by mobile number, and their fields are never changed.',
          control: 'Roles',
          initial: [...PROTECTED_ROLES],
        },
        {
          path: ['severalBindings'],
          label: 'One user, several organizations',
          help: 'Somebody who works in two organizations may be linked to one user from both. Otherwise whoever is linked to a user keeps it.',
          control: 'Tick',
          initial: false,
        },
        {
          path: ['returnPaths'],
          label: 'Further pages',
          help: "After signing in, people come back to pages of NocoBase's own clients only. Name others, such as /portal, and press Enter after each.",
          control: 'List',
          initial: [],
          problem: problemWithReturnPaths,
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
      ],
    },
  ];
}
