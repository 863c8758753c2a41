import { z } from 'zod';
import {
  ANY,
  attention,
  exchange,
  ExchangeError,
  failed,
  ok,
  placeholder,
  type Probe,
  type SettingPath,
  skipped,
} from '../../core/doctor/index.js';
import { type AuthenticatorSettings, passwordUrl } from '../../authenticators/index.js';
import { apiPath, modernPrefix, storageKeys, type PagePlaces, placesInPage } from '../../core/nocobase-web/index.js';
import type { DoctorContext } from '../doctor-context.js';
import { NOCOBASE_PAGE } from '../texts/public-addresses.js';

const info = z.object({ data: z.object({ name: z.string() }) });

/** NocoBase's page tells its own clients where its addresses are and what they store: does our configuration agree? */
export const nocobasePageProbe: Probe<DoctorContext> = {
  id: 'nocobase.page',
  title: NOCOBASE_PAGE.title,
  run: async ({ authenticator }) => {
    const { publicUrl, timeoutMs } = authenticator.nocobase;
    try {
      const page = await exchange(passwordUrl(authenticator), { timeoutMs, headers: { accept: 'text/html' } });
      const told = placesInPage(page.text, publicUrl);
      const ownDomain = await ownDomainOf(authenticator);
      if (Object.keys(told).length === 0 && ownDomain === undefined) {
        return skipped(NOCOBASE_PAGE.saysNothing(page.status));
      }
      const wanted = differences(authenticator, { ...told, ownDomain });
      if (wanted.length > 0) return differs(wanted);
      return opensAnotherClient(authenticator, told) ?? ok(NOCOBASE_PAGE.same);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      return skipped(ANY.nocobaseDidNotAnswer(error.code));
    }
  },
};

/** Whether the host belongs to the sub-app, judging by NocoBase's response to a request that names no application. */
async function ownDomainOf({ nocobase }: AuthenticatorSettings): Promise<boolean | undefined> {
  const { app, publicUrl, timeoutMs } = nocobase;
  if (app === 'main') return undefined;
  const { json } = await exchange(`${publicUrl}${apiPath(nocobase)}app:getInfo`, { timeoutMs });
  const name = info.safeParse(json).data?.data.name;
  return name === undefined ? undefined : name === app;
}

/** The settings that differ, with the values they should have. */
function differences(
  { nocobase }: AuthenticatorSettings,
  told: PagePlaces & { readonly ownDomain: boolean | undefined },
): readonly string[] {
  const wanted: string[] = [];
  const compare = (setting: SettingPath, said: string | boolean | undefined, here: string | boolean): void => {
    if (said !== undefined && said !== here) wanted.push(`${placeholder(setting)}=${said}`);
  };
  compare('nocobase.appDomain', told.ownDomain, nocobase.ownDomain ?? false);
  compare('nocobase.apiBasePath', told.apiBasePath, apiPath(nocobase));
  compare('nocobase.modernClientPrefix', told.modernPrefix && modernPrefix(told), modernPrefix(nocobase));
  // The plugin, which hands a session over itself, sees the rest in its own environment.
  if (nocobase.handOff === 'ticket') return wanted;
  const here = storageKeys({ ...nocobase, app: 'main' });
  const there = storageKeys({ ...told, app: 'main' });
  if (there.role !== here.role) compare('nocobase.storagePrefix', told.storagePrefix, '');
  compare('nocobase.storageType', told.storageType, here.storage);
  compare('nocobase.shareToken', told.shareToken, nocobase.shareToken ?? false);
  return wanted;
}

function differs(wanted: readonly string[]) {
  const names = wanted.map((line) => line.split('=')[0]).join(', ');
  return failed(NOCOBASE_PAGE.differs(names), NOCOBASE_PAGE.setAsThere(wanted.join(' ')));
}

/**
 * `APP_CLIENT_ENTRY_MODE`: NocoBase opens its new client by default, while the gateway leads people to the other one.
 */
function opensAnotherClient({ nocobase, accounts }: AuthenticatorSettings, { entryMode }: PagePlaces) {
  if (entryMode !== 'modern-default' && entryMode !== 'modern-only') return undefined;
  const modern = `/${modernPrefix(nocobase)}`;
  if (accounts.defaultPath === modern || accounts.defaultPath.startsWith(`${modern}/`)) return undefined;
  return attention(NOCOBASE_PAGE.newClient(entryMode), NOCOBASE_PAGE.setDefaultPath(`${modern}/admin`));
}
