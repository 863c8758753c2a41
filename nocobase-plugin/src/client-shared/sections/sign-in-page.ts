import type { FormField } from '../form-field.js';

export const signInPage: readonly FormField[] = [
  {
    path: ['public', 'autoSignIn'],
    label: 'Go to DingTalk at once',
    help: 'Whoever opens the sign-in page is taken to DingTalk without pressing the button. The way out: add ?local=1 to the address of the sign-in page.',
    control: 'Tick',
    initial: false,
  },
];
