import type { FormSection } from '../form-field.js';
import { problemWithAnyOrganization, problemWithCorpIds, problemWithDefaultRoles } from '../rules.js';
import { namesOrganizations, wouldTakeAnybody } from '../settings.js';

export const whoMaySignIn: FormSection = {
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
  ],
};
