import type { FieldRule } from '../core/accounts/index.js';
import type { LeaverMode } from '../core/leavers/index.js';
import { gatewayRights } from './gateway-rights.js';

/** Collection, action, fields. */
export type Rights = ReturnType<typeof gatewayRights>;

/** The rights that the gateway's role needs: what `provision` gives, and what `doctor` looks for. */
export function wantedRights(rules: readonly FieldRule[], leavers: LeaverMode): Rights {
  const updated = rules.filter(({ policy }) => policy !== 'never');
  return gatewayRights(
    rules.map(({ field }) => field),
    updated.map(({ field }) => field),
    leavers === 'lock',
  );
}
