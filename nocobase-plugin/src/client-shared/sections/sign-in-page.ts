import type { FormField } from '../form-field.js';

export const signInPage: readonly FormField[] = [
  {
    path: ['public', 'autoSignIn'],
    label: 'Go to DingTalk at once',
    help: 'The sign-in page takes people to DingTalk without a click on the button. To stay on the page, add ?local=1 to its address.',
    control: 'Tick',
    initial: false,
  },
];
