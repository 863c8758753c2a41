import { type FieldRule, fieldRules, problemWithFields } from '../accounts/index.js';
import type { Environment } from '../config/index.js';
import { gatewayRights } from '../provision/index.js';
import { valueOf } from './root-credentials.js';
import { UsageError } from './usage.error.js';

/** Collection, action, fields. */
export type Rights = ReturnType<typeof gatewayRights>;

/** The rights that the gateway's role needs: what `provision` gives, and what `doctor` looks for. */
export function wantedRights(rules: readonly FieldRule[]): Rights {
  const updated = rules.filter(({ policy }) => policy !== 'never');
  return gatewayRights(
    rules.map(({ field }) => field),
    updated.map(({ field }) => field),
  );
}

/** Of `DINGTALK_FIELDS` alone: before `provision` there is no complete configuration to read. @throws UsageError */
export function fieldRulesOf(environment: Environment): readonly FieldRule[] {
  const items = (valueOf(environment, 'DINGTALK_FIELDS') ?? '').split(',').map((item) => item.trim());
  const list = items.filter((item) => item !== '');
  const problem = problemWithFields(list);
  if (problem !== undefined) throw new UsageError(`DINGTALK_FIELDS ${problem}`);
  return fieldRules(list);
}
