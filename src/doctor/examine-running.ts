import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { PluginClient } from '../plugin-client/index.js';
import type { ExaminationReport } from '../core/plugin-protocol/index.js';
import type { Settings } from '../settings.js';
import { examineAll } from './examine.js';
import { inNocoBase } from './in-nocobase.js';
import { asFindings } from '../core/doctor/index.js';
import type { Lang } from '../core/texts/index.js';

/**
 * Checks one authenticator from inside the gateway that serves it.
 *
 * @param inForce its settings if they are configured here; those in NocoBase are fetched, in their current state
 */
export async function examineRunning(
  { settings, plugin }: { settings: Settings; plugin: PluginClient },
  { name, inForce }: { name: string; inForce: AuthenticatorSettings | undefined },
  lang: Lang,
): Promise<ExaminationReport> {
  const { source, app } = settings;
  const examined =
    source.kind === 'nocobase'
      ? await inNocoBase(source, plugin, app.publicUrl, name)
      : { authenticators: inForce === undefined ? [] : [inForce], results: [] };
  return asFindings(await examineAll(settings, examined, plugin), lang);
}
