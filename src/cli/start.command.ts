import { createGateway } from '../app.setup.js';
import { keepSecret } from '../auth/index.js';
import { type AuthenticatorSettings, SessionWatch } from '../authenticators/index.js';
import { InvalidEnvironmentError, isPlainHttp, version } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { stopGracefully } from './graceful-stop.js';
import { LeaversService } from '../leavers/index.js';
import { PinoLoggerService } from '../logging/index.js';
import { readSettings, type Settings } from '../settings.js';
import { whereRead } from './env-file.js';
import type { Io } from './io.js';
import { TEXTS } from './texts.js';

/** Serves until a signal ends the process. */
export async function start(io: Io): Promise<number | undefined> {
  try {
    await serve(io);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      for (const problem of error.texts) io.err(`${problem[io.lang]}\n`);
      io.err(whereRead(error, io.envFile, io.lang));
    } else {
      const reason = error instanceof Error ? error.message : TEXTS.unknownReason[io.lang];
      io.err(`${TEXTS.couldNotStart(reason)[io.lang]}\n`);
    }
    return 1;
  }
}

async function serve({ environment, envFile }: Io): Promise<void> {
  let settings = readSettings(environment, envFile);
  const logger = PinoLoggerService.atLevel(settings.app.logLevel);
  const { keptSecret } = settings.auth;
  if (keptSecret?.isMade === false) {
    const isOurs = keepSecret(keptSecret.path);
    // Whichever process created it, the stored one is used.
    settings = readSettings(environment, envFile);
    if (isOurs) logger.log({ event: 'cookie_secret_made', file: keptSecret.path });
  }
  for (const { en } of settings.notices) logger.warn({ event: 'configuration', notice: en });
  const gateway = await createGateway(settings, logger);
  stopGracefully(gateway);
  await gateway.listen(settings.app.port, settings.app.host);
  gateway.get(SessionWatch, { strict: false }).start();
  gateway.get(LeaversService, { strict: false }).start();
  for (const authenticator of settings.authenticators) announce(authenticator, settings.app.publicUrl, logger);
  if (isPlainHttp(settings.app)) {
    logger.warn(TEXTS.plainHttp.en);
  }
  logger.log({
    event: 'listening',
    version: version(),
    address: await gateway.getUrl(),
    signInPage: `${settings.app.publicUrl}/`,
    ...whatToEnter(settings),
  });
}

/**
 * The address that an administrator enters elsewhere: at DingTalk, or first in NocoBase, which then shows the other
 * one.
 */
function whatToEnter({ app: { publicUrl }, authenticators: [first] }: Settings): object {
  if (first === undefined) return { gatewayAddressToEnterInNocoBase: publicUrl };
  const redirectUriToRegisterAtDingTalk = redirectUri({ publicUrl, authenticator: first.name });
  return { redirectUriToRegisterAtDingTalk, handOff: first.nocobase.handOff };
}

function announce({ name, nocobase }: AuthenticatorSettings, publicUrl: string, logger: PinoLoggerService): void {
  const redirectUriToRegisterAtDingTalk = redirectUri({ publicUrl, authenticator: name });
  logger.log({ event: 'authenticator', name, redirectUriToRegisterAtDingTalk, handOff: nocobase.handOff });
  if (nocobase.handOff === 'page' && new URL(publicUrl).origin !== new URL(nocobase.publicUrl).origin) {
    logger.warn(TEXTS.twoOrigins(name).en);
  }
}
