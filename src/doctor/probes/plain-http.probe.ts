import { attention, PLAIN_HTTP, type Probe } from '../../core/doctor/index.js';
import { isPlainHttp } from '../../config/index.js';
import type { Settings } from '../../settings.js';
import { ALLOWED_HTTP } from '../texts/gateway.js';

/** The operator has allowed it; the consequences are reported every time. */
export const plainHttpProbe: Probe<Settings> = {
  id: 'plain-http',
  title: PLAIN_HTTP.title,
  applies: ({ app }) => isPlainHttp(app),
  run: async ({ app }) => attention(PLAIN_HTTP.isHttp(app.publicUrl), ALLOWED_HTTP.better),
};
