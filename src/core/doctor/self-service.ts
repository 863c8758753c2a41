import { matchedFields, type MatchRule } from '../accounts/index.js';
import { attention, type Finding, ok } from './probe.js';
import { SELF_SERVICE } from './texts/accounts.js';

export const SELF_SERVICE_PROBE = { id: 'nocobase.self-service', title: SELF_SERVICE.title } as const;

/** @param editable fields of `users` that people may edit in their own record */
export function selfServiceFinding(match: MatchRule | undefined, editable: readonly string[]): Finding {
  const fields = matchedFields(match).filter((field) => editable.includes(field));
  if (fields.length === 0) {
    return ok(SELF_SERVICE.nobodyCan);
  }
  return attention(SELF_SERVICE.everybodyCan(fields.join(', ')), SELF_SERVICE.switchOff);
}
