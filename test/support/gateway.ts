import { Writable } from 'node:stream';
import { pino } from 'pino';
import { type ClientTimeLimits, createGateway } from '../../src/app.setup.js';
import { LeaversService } from '../../src/leavers/index.js';
import { PinoLoggerService } from '../../src/logging/pino-logger.service.js';
import { readSettings } from '../../src/settings.js';
import { freePort } from './free-port.js';
import { GatewayProcess } from './gateway-process.js';

/** True in the Jest project that runs suites against the shipped program, see jest.config.mjs. */
export const isProgram = (globalThis as { gatewayIsProgram?: boolean }).gatewayIsProgram === true;

export interface RunningGateway {
  /** As browsers see it. */
  readonly url: string;
  /** Every log line at every level, parsed. Those of a separate program arrive a moment after the event. */
  readonly log: Record<string, unknown>[];
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly port?: number | undefined;
  readonly publicUrl?: string | undefined;
  readonly limits?: ClientTimeLimits | undefined;
  /** Default: on if the environment contains a setting for leavers. */
  readonly watchesLeavers?: boolean | undefined;
}

/**
 * The gateway on a real socket, configured through its variables as an operator would: in this process, or as the compiled program
 * in a separate process.
 */
export async function startGateway(
  environment: Record<string, string>,
  { port, publicUrl, limits, watchesLeavers = environment['DINGTALK_LEAVERS'] !== undefined }: GatewayOptions = {},
): Promise<RunningGateway> {
  const listenOn = port ?? (await freePort());
  const url = publicUrl ?? `http://127.0.0.1:${listenOn}`;
  const all = {
    PUBLIC_URL: url,
    AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
    ...environment,
  };
  return isProgram ? startProgram(all, url, listenOn) : startInProcess(all, url, listenOn, { limits, watchesLeavers });
}

async function startInProcess(
  environment: Record<string, string>,
  url: string,
  port: number,
  { limits, watchesLeavers }: Pick<GatewayOptions, 'limits' | 'watchesLeavers'>,
): Promise<RunningGateway> {
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(JSON.parse(chunk.toString('utf8')) as Record<string, unknown>);
      done();
    },
  });
  const logger = new PinoLoggerService(pino({ level: 'trace', base: null }, sink));
  const gateway = await createGateway(readSettings(environment), logger, limits);
  await gateway.listen(port, '127.0.0.1');
  // What the command `start` starts; off for suites that do not mention leavers.
  if (watchesLeavers === true) gateway.get(LeaversService, { strict: false }).start();
  return { url, log, close: () => gateway.close() };
}

async function startProgram(environment: Record<string, string>, url: string, port: number): Promise<RunningGateway> {
  // As above: off for suites that do not mention leavers, and that count calls.
  const program = await GatewayProcess.start({ LOG_LEVEL: 'trace', DINGTALK_LEAVERS: 'off', ...environment }, port);
  return {
    url,
    get log() {
      const lines = program.output.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    async close() {
      program.child.kill('SIGTERM');
      await program.ended;
    },
  };
}
