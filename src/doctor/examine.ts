import type { AuthenticatorSettings } from '../authenticators/index.js';
import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { readSettings, type Settings } from '../settings.js';
import { Patient, type StockAuthenticator } from './patient.js';
import { failed, ok, type Result, skipped } from './probe.js';
import { AUTHENTICATOR_PROBES, GATEWAY_PROBES } from './probes/index.js';
import { runProbes } from './run-probes.js';
import { text, verbatim } from './text.js';

/** What was found about the gateway, or about one of its authenticators. */
export interface Chapter {
  /** undefined: the gateway as a whole. */
  readonly authenticator: string | undefined;
  readonly redirectUri: string | undefined;
  readonly results: readonly Result[];
}

const CONFIGURATION = { id: 'configuration', title: text('Configuration', '配置') };

/** Everything that can be found out from here. It changes nothing anywhere. */
export async function examine(environment: Environment): Promise<Chapter[]> {
  let settings: Settings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return [unconfigured(error.problems)];
    throw error;
  }
  const { publicUrl } = settings.app;
  const configuration: Result = {
    ...CONFIGURATION,
    ...ok(text(`complete; PUBLIC_URL is ${publicUrl}`, `完整；PUBLIC_URL 为 ${publicUrl}`)),
  };
  const gateway = async (): Promise<Chapter> => ({
    authenticator: undefined,
    redirectUri: undefined,
    results: [configuration, ...(await runProbes(GATEWAY_PROBES, settings))],
  });
  const each = settings.authenticators.filter(isStock).map(async (authenticator): Promise<Chapter> => ({
    authenticator: authenticator.name,
    redirectUri: redirectUri({ publicUrl, authenticator: authenticator.name }),
    results: await runProbes(AUTHENTICATOR_PROBES, new Patient(settings, authenticator)),
  }));
  return Promise.all([gateway(), ...each]);
}

function isStock(authenticator: AuthenticatorSettings): authenticator is StockAuthenticator {
  return authenticator.nocobase.handOff !== 'ticket';
}

function unconfigured(problems: readonly string[]): Chapter {
  const configuration: Result = {
    ...CONFIGURATION,
    ...failed(
      verbatim(problems.join('\n')),
      text(
        'Correct these variables (.env.example explains each); `check` looks at nothing else.',
        '请更正以上变量（.env.example 中有逐项说明）；可用 `check` 命令单独检查配置。',
      ),
    ),
  };
  const reason = skipped(text('not tested because of: Configuration', '未检测，原因：配置'));
  const others = [...GATEWAY_PROBES, ...AUTHENTICATOR_PROBES].map(({ id, title }): Result => ({
    id,
    title,
    ...reason,
  }));
  return { authenticator: undefined, redirectUri: undefined, results: [configuration, ...others] };
}
