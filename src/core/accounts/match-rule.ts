/** How a person without a binding is matched to a user: by one of the user's fields, or not at all. */
export const MATCH_RULES = ['phone', 'none'] as const;
export type MatchRule = (typeof MATCH_RULES)[number];

/**
 * The fields of NocoBase's `users` that a rule trusts. A person who can write one of them can be mistaken for someone
 * else.
 */
export function matchedFields(rule: MatchRule = 'phone'): readonly string[] {
  return rule === 'none' ? [] : [rule];
}
