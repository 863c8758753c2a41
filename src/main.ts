import { existsSync } from 'node:fs';
import type { AuthenticatorSettings } from './authenticators/index.js';
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
  for (const authenticator of settings.authenticators) announce(authenticator, settings.app.publicUrl, logger);
  const [{ name, nocobase }] = settings.authenticators;
  logger.log({
    event: 'listening',
    address: await gateway.getUrl(),
    signInPage: `${settings.app.publicUrl}/`,
    redirectUriToRegisterAtDingTalk: redirectUri({ publicUrl: settings.app.publicUrl, authenticator: name }),
    handOff: nocobase.handOff,
  });
}

function announce({ name, nocobase }: AuthenticatorSettings, publicUrl: string, logger: PinoLoggerService): void {
  const redirectUriToRegisterAtDingTalk = redirectUri({ publicUrl, authenticator: name });
  logger.log({ event: 'authenticator', name, redirectUriToRegisterAtDingTalk, handOff: nocobase.handOff });
  if (nocobase.handOff === 'page' && new URL(publicUrl).origin !== new URL(nocobase.publicUrl).origin) {
    logger.warn(
      `${name}: NOCOBASE_HANDOFF is page, but PUBLIC_URL and NOCOBASE_PUBLIC_URL differ in origin: browsers will not be signed in`,
    );
  }
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
