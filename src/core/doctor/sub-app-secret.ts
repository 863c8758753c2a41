import { sentences, type Text } from '../texts/index.js';
import { attention, type Finding, ok } from './probe.js';
import { SUB_APP_SECRET } from './texts/nocobase.js';

export const SUB_APP_SECRET_PROBE = { id: 'nocobase.sub-app-secret', title: SUB_APP_SECRET.title } as const;

/** For a sub-app whose sessions NocoBase's main application does not accept as its own. */
export function ownSecretFinding(): Finding {
  return ok(SUB_APP_SECRET.own);
}

export function sharedSecretFinding(app: string, autoSignUp: boolean, fix: Text = SUB_APP_SECRET.part): Finding {
  const said = SUB_APP_SECRET.shared(app);
  return attention(autoSignUp ? sentences(said, SUB_APP_SECRET.withAutoSignUp) : said, fix);
}
