import { failed, ok, type Probe } from '../../core/doctor/index.js';
import type { StockContext } from '../doctor-context.js';
import { HAND_OFF } from '../texts/public-addresses.js';

export const handOffProbe: Probe<StockContext> = {
  id: 'hand-off',
  title: HAND_OFF.title,
  run: async ({ publicUrl, authenticator: { nocobase } }) => {
    const [gateway, target] = [new URL(publicUrl).origin, new URL(nocobase.publicUrl).origin];
    if (nocobase.handOff === 'page' && gateway !== target) {
      return failed(HAND_OFF.twoOrigins(gateway, target), HAND_OFF.setAuto);
    }
    return ok(nocobase.handOff === 'page' ? HAND_OFF.page : HAND_OFF.query);
  },
};
