import type { FieldRule } from '../core/accounts/index.js';
import type { LeaverMode } from '../core/leavers/index.js';
import { gatewayRights } from './gateway-rights.js';

/** Collection, action, fields. */
export type Rights = ReturnType<typeof gatewayRights>;

/** The rights that the gateway's role needs: `provision` grants them, and `doctor` checks them. */
export function wantedRights(rules: readonly FieldRule[], leavers: LeaverMode): Rights {
  const updated = rules.filter(({ policy }) => policy !== 'never');
  return gatewayRights(
    rules.map(({ field }) => field),
    updated.map(({ field }) => field),
    leavers === 'lock',
  );
}
