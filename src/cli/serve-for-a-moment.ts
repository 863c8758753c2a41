import { createServer } from 'node:net';
import { PinoLoggerService } from '../logging/index.js';
import type { Settings } from '../settings.js';

/**
 * The gateway, so that its public address can be tried where it does not run yet.
 *
 * @returns how to stop it; undefined where the port is taken or the gateway cannot run
 */
export async function serveForAMoment(settings: Settings): Promise<(() => Promise<void>) | undefined> {
  const { host, port } = settings.app;
  if (!(await isFree(port, host))) return undefined;
  // Most who ask the doctor have a gateway that runs.
  const { createGateway } = await import('../app.setup.js');
  const gateway = await createGateway(settings, PinoLoggerService.atLevel('silent'));
  try {
    await gateway.listen(port, host);
  } catch {
    await gateway.close();
    return undefined;
  }
  return () => gateway.close();
}

async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
