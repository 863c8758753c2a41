import { isPlainHttp } from '../../config/index.js';
import type { Settings } from '../../settings.js';
import { attention, type Probe } from '../probe.js';
import { PLAIN_HTTP } from '../texts/gateway.js';

/** The operator has allowed it; what it gives up is said every time. */
export const plainHttpProbe: Probe<Settings> = {
  id: 'plain-http',
  title: PLAIN_HTTP.title,
  applies: ({ app }) => isPlainHttp(app),
  run: async ({ app }) => attention(PLAIN_HTTP.isHttp(app.publicUrl), PLAIN_HTTP.better),
};
