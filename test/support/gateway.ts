import { Writable } from 'node:stream';
import { pino } from 'pino';
import { type ClientTimeLimits, createGateway } from '../../src/app.setup.js';
import { PinoLoggerService } from '../../src/logging/pino-logger.service.js';
import { readSettings } from '../../src/settings.js';
import { freePort } from './free-port.js';

export interface RunningGateway {
  /** As browsers see it. */
  readonly url: string;
  /** Every log line at every level, parsed. */
  readonly log: Record<string, unknown>[];
  close(): Promise<void>;
}

/** The gateway in this process, on a real socket, configured through its variables as an operator would. */
export async function startGateway(
  environment: Record<string, string>,
  { port, publicUrl, limits }: { port?: number; publicUrl?: string; limits?: ClientTimeLimits } = {},
): Promise<RunningGateway> {
  const listenOn = port ?? (await freePort());
  const url = publicUrl ?? `http://127.0.0.1:${listenOn}`;
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(JSON.parse(chunk.toString('utf8')) as Record<string, unknown>);
      done();
    },
  });
  const settings = readSettings({
    PUBLIC_URL: url,
    AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
    ...environment,
  });
  const logger = new PinoLoggerService(pino({ level: 'trace', base: null }, sink));
  const gateway = await createGateway(settings, logger, limits);
  await gateway.listen(listenOn, '127.0.0.1');
  return { url, log, close: () => gateway.close() };
}
