import { createGateway } from '../app.setup.js';
import { InvalidEnvironmentError } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { stopGracefully } from '../graceful-stop.js';
import { PinoLoggerService } from '../logging/pino-logger.service.js';
import { readSettings } from '../settings.js';
import type { Io } from './io.js';

/** Serves until a signal ends the process. */
export async function start(io: Io): Promise<number | undefined> {
  try {
    await serve(io);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      for (const problem of error.problems) io.err(`${problem}\n`);
    } else {
      io.err(`The gateway could not start: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
    }
    return 1;
  }
}

async function serve({ environment }: Io): Promise<void> {
  const settings = readSettings(environment);
  const logger = PinoLoggerService.atLevel(settings.app.logLevel);
  const gateway = await createGateway(settings, logger);
  stopGracefully(gateway);
  await gateway.listen(settings.app.port, settings.app.host);
  const { publicUrl } = settings.app;
  const sharesOrigin = new URL(publicUrl).origin === new URL(settings.nocobase.publicUrl).origin;
  if (settings.nocobase.handOff === 'page' && !sharesOrigin) {
    logger.warn(
      'NOCOBASE_HANDOFF is page, but PUBLIC_URL and NOCOBASE_PUBLIC_URL differ in origin: browsers will not be signed in',
    );
  }
  logger.log({
    event: 'listening',
    address: await gateway.getUrl(),
    signInPage: `${publicUrl}/`,
    redirectUriToRegisterAtDingTalk: redirectUri({ publicUrl, authenticator: settings.nocobase.authenticator }),
    handOff: settings.nocobase.handOff,
  });
}
