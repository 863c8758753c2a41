import type { FormSection } from '../form-field.js';
import { problemWithClientId } from '../rules.js';

/** What to copy from DingTalk's console, and what to enter there. */
export const application: FormSection = {
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
      help: 'On the same page of the console. Formerly AppSecret. It is stored encrypted and never shown again.',
      control: 'Secret',
    },
    {
      path: ['redirectUrl'],
      label: 'Redirect URL',
      help: "Copy it to DingTalk's developer console › Development Configuration › Security Settings › Redirect URL. It takes effect once the application is published.",
      control: 'RedirectUrl',
    },
  ],
};
