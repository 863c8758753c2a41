import { existsSync } from 'node:fs';
import { createGateway } from './app.setup.js';
import { InvalidEnvironmentError } from './config/index.js';
import { redirectUri } from './dingtalk/index.js';
import { stopGracefully } from './graceful-stop.js';
import { PinoLoggerService } from './logging/pino-logger.service.js';
import { readSettings, type Settings } from './settings.js';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = settingsOrExit();
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

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    return process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The gateway could not start: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
  process.exit(1);
});
