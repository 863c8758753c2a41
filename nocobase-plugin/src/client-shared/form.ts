import type { Client } from './client-app.js';
import type { FormSection } from './form-field.js';
import { application } from './sections/application.js';
import { howPeopleSignIn } from './sections/how-people-sign-in.js';
import { peopleWhoLeave } from './sections/leavers.js';
import { moreSettings } from './sections/more-settings.js';
import { whoMaySignIn } from './sections/who-may-sign-in.js';

/** The settings, in the order in which an administrator needs them. */
export function formSections(client: Client): readonly FormSection[] {
  return [howPeopleSignIn, application, whoMaySignIn, peopleWhoLeave, moreSettings(client)];
}
