import type { LoggerService } from '@nestjs/common';
import { type Level, type Logger, type LoggerOptions, pino } from 'pino';
import { traceId } from '../telemetry/index.js';
import { censored } from './censored.js';

/** Nest's lines about its own assembly, which only interest developers. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/**
 * Field names that no line of ours uses. If one is ever logged, its value is not: a second line of defence. The first
 * is that external data is never logged as an object. `code` is not listed, because it is the name of an error here.
 */
const SECRET_FIELDS = new Set([
  'authorization',
  'cookie',
  'password',
  'secret',
  'clientSecret',
  'appSecret',
  'jwtSecret',
  'apiToken',
  'token',
  'accessToken',
  'access_token',
  'authCode',
  'ticket',
  'phone',
  'mobile',
  'email',
]);

/** A ticket in an address that should not be logged: anyone who reads the log within a minute could redeem it. */
const TICKET = /(#ticket=)[\w.-]+/g;

/** For all our lines, wherever they are written. */
export const pinoOptions = (level: string): LoggerOptions => ({
  level,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { log: (fields) => censored(fields, SECRET_FIELDS) },
  hooks: { streamWrite: (line) => line.replace(TICKET, '$1[redacted]') },
});

/**
 * Nest's logger as JSON lines. An object becomes the line's fields, a text its `msg`; Nest passes the name of the
 * calling class as the last parameter.
 */
export class PinoLoggerService implements LoggerService {
  constructor(private readonly pino: Logger) {}

  static atLevel(level: string): PinoLoggerService {
    return new PinoLoggerService(pino(pinoOptions(level)));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const stack = message instanceof Error ? message.stack : rest.length > 1 ? rest[0] : undefined;
    const fields = { context, trace_id: traceId(), ...(typeof stack === 'string' ? { stack } : {}) };
    if (message !== null && typeof message === 'object' && !(message instanceof Error)) {
      this.pino[level]({ ...fields, ...message });
    } else {
      this.pino[level](fields, message instanceof Error ? message.message : String(message));
    }
  }
}
