import type { FormSection } from '../form-field.js';
import { hearsByPush, watchesLeavers } from '../settings.js';

/** What happens to the account of a person who leaves the organization, and how NocoBase learns of it. */
export const peopleWhoLeave: FormSection = {
  title: 'People who leave',
  fields: [
    {
      path: ['leavers'],
      label: 'When someone leaves the organization',
      help: 'DingTalk itself must confirm that each person has left. Nobody is ever deleted, and nobody is locked for being absent from a list. The application needs the permissions qyapi_get_member and Contact.Common.Read.',
      control: 'Leavers',
      initial: 'report',
    },
    {
      path: ['events'],
      label: 'How DingTalk reports it',
      help: "In DingTalk's developer console › Development Configuration › Event Subscription, choose the same method and tick the events user_leave_org and user_add_org. Then it takes seconds instead of minutes.",
      control: 'Events',
      initial: 'off',
      isShown: watchesLeavers,
    },
    {
      path: ['eventsUrl'],
      label: 'Request URL for events',
      help: "Copy it to DingTalk's developer console › Development Configuration › Event Subscription, HTTP push.",
      control: 'EventsUrl',
      isShown: hearsByPush,
    },
  ],
};
