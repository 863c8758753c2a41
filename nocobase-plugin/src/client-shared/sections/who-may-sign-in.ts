import type { FormSection } from '../form-field.js';
import { problemWithAnyOrganization, problemWithCorpIds, problemWithDefaultRoles } from '../rules.js';
import { namesOrganizations, wouldTakeAnybody } from '../settings.js';

export const whoMaySignIn: FormSection = {
  title: 'Who may sign in',
  fields: [
    {
      path: ['corpIds'],
      label: 'Organizations (CorpId)',
      help: "The CorpId is at the top right of the developer console's home page. Only members of these organizations can sign in. Press Enter after each.",
      control: 'List',
      initial: [],
      problem: problemWithCorpIds,
    },
    {
      path: ['match'],
      label: 'How people are matched',
      help: 'How to find the user of a person who is not linked yet. Not by any field: only bindings made by an administrator or by sign-up are used.',
      control: 'Match',
      initial: 'phone',
    },
    {
      path: ['autoSignUp'],
      label: 'Sign up automatically when the user does not exist',
      help: 'Otherwise only people who are linked to a NocoBase user, or can be matched to one, can sign in.',
      control: 'Tick',
      initial: false,
    },
    {
      path: ['allowAnyOrganization'],
      label: 'Allow people of any organization',
      help: 'No organization is entered above: anyone with a DingTalk account could become a user here.',
      control: 'Tick',
      initial: false,
      problem: problemWithAnyOrganization,
      checkedWhenEmpty: true,
      isShown: wouldTakeAnybody,
    },
    {
      path: ['signUpWithoutPhone'],
      label: 'Also without a mobile number',
      help: 'For dedicated accounts and hidden numbers: people whose number DingTalk does not provide become new users, even if they already have a user.',
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
