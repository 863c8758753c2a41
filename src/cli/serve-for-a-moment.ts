import { createServer } from 'node:net';
import { PinoLoggerService } from '../logging/index.js';
import type { Settings } from '../settings.js';

/**
 * Starts the gateway so that its public address can be tested even if it is not running yet.
 *
 * @returns a function that stops it; undefined if the port is taken or the gateway cannot run
 */
export async function serveForAMoment(settings: Settings): Promise<(() => Promise<void>) | undefined> {
  const { host, port } = settings.app;
  if (!(await isFree(port, host))) return undefined;
  // Usually the gateway is already running when the doctor is called.
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
