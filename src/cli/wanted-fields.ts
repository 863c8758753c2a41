import { type FieldRule, fieldRules, problemWithFields } from '../core/accounts/index.js';
import { type Environment, named } from '../config/index.js';
import { LEAVER_MODES, type LeaverMode } from '../core/leavers/index.js';
import { dingtalk } from '../core/settings/index.js';
import { ofVariable } from '../core/texts/index.js';
import { valueOf } from './root-credentials.js';
import { UsageError } from './usage.error.js';

/** From `DINGTALK_FIELDS` alone: before `provision` there is no complete configuration. @throws UsageError */
export function fieldRulesOf(environment: Environment): readonly FieldRule[] {
  const items = (valueOf(environment, 'DINGTALK_FIELDS') ?? '').split(',').map((item) => item.trim());
  const list = items.filter((item) => item !== '');
  const problem = problemWithFields(list);
  if (problem !== undefined) throw new UsageError(named('DINGTALK_FIELDS', ofVariable(problem)));
  return fieldRules(list);
}

/** From `DINGTALK_LEAVERS` alone, for the same reason. @throws UsageError */
export function leaverModeOf(environment: Environment): LeaverMode {
  const { default: usual, rules } = dingtalk.settings.leavers;
  const written = valueOf(environment, 'DINGTALK_LEAVERS')?.trim() ?? usual;
  const mode = LEAVER_MODES.find((one) => one === written);
  if (mode === undefined) throw new UsageError(named('DINGTALK_LEAVERS', rules[0]!.said));
  return mode;
}
