import { z } from 'zod';
import {
  attention,
  type Finding,
  ok,
  type Probe,
  SELF_SERVICE,
  SELF_SERVICE_PROBE,
  selfServiceFinding,
} from '../../core/doctor/index.js';
import { matchedFields, PROFILE_FORM, selfServiceFields } from '../../core/accounts/index.js';
import type { PluginContext, StockContext } from '../doctor-context.js';

const settings = z.object({ data: z.object({ enableEditProfile: z.boolean().nullish() }) });
const schema = z.object({ data: z.unknown() });

/** NocoBase lets everyone read its settings, and every signed-in user the form: the key needs no further right. */
export const selfServiceProbe: Probe<StockContext> = {
  ...SELF_SERVICE_PROBE,
  needs: ['nocobase.key'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).length > 0,
  run: async ({ nocobase, authenticator }) => {
    const token = authenticator.nocobase.apiToken;
    const [settingsAnswer, formAnswer, signUpAnswer] = await Promise.all([
      nocobase.get('systemSettings:get', { token }),
      nocobase.get(`uiSchemas:getJsonSchema/${PROFILE_FORM}`, { token }),
      nocobase.get('authenticators:publicList'),
    ]);
    const read = settings.safeParse(settingsAnswer.json).data;
    const form = schema.safeParse(formAnswer.json).data;
    if (settingsAnswer.status !== 200 || formAnswer.status !== 200 || read === undefined || form === undefined) {
      return notSeen();
    }
    const signUp = schema.safeParse(signUpAnswer.json).data?.data;
    return selfServiceFinding(
      authenticator.accounts.match,
      selfServiceFields(read.data.enableEditProfile, form.data, signUp),
    );
  },
};

/** The plugin checks this for us. */
export const pluginSelfServiceProbe: Probe<PluginContext> = {
  ...SELF_SERVICE_PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (context) => {
    const { authenticators, facts } = await context.pluginSettings();
    const match = authenticators.find(({ name }) => name === context.authenticator.name)?.match;
    if (match === 'none') return ok(SELF_SERVICE.matchedByNone);
    return facts === undefined ? notSeen() : selfServiceFinding(match, facts.selfServiceFields);
  },
};

function notSeen(): Finding {
  return attention(SELF_SERVICE.notSeen, SELF_SERVICE.editProfile);
}
