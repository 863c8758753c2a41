import { Writable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { type LoggerOptions, pino } from 'pino';
import { Telemetry } from '../telemetry/index.js';
import { PinoLoggerService, pinoOptions } from './pino-logger.service.js';

type Line = Record<string, unknown>;

/** A logger, and the lines it wrote. */
function listening(
  level = 'trace',
  options: LoggerOptions = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
): { logger: PinoLoggerService; lines: Line[] } {
  const lines: Line[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trimEnd().split('\n')) lines.push(JSON.parse(line) as Line);
      done();
    },
  });
  const logger = new PinoLoggerService(pino(options, out));
  return { logger, lines };
}

describe('the log', () => {
  it('writes one JSON line for an object, whose keys are its fields', () => {
    const { logger, lines } = listening();
    logger.log({ event: 'sign_in', outcome: 'success', userId: 7, nothing: undefined }, 'SignIn');
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
        context: 'SignIn',
        event: 'sign_in',
        outcome: 'success',
        userId: 7,
      },
    ]);
  });

  it('writes the text as msg and the calling class as context', () => {
    const { logger, lines } = listening();
    logger.log('hello', 'Somebody');
    logger.log('alone');
    expect(lines).toMatchObject([{ msg: 'hello', context: 'Somebody' }, { msg: 'alone' }]);
    expect(lines[1]).not.toHaveProperty('context');
  });

  it.each([
    ['fatal', 60],
    ['error', 50],
    ['warn', 40],
    ['log', 30],
    ['debug', 20],
    ['verbose', 10],
  ] as const)('writes %s at level %i', (method, level) => {
    const { logger, lines } = listening();
    logger[method]('text', 'Context');
    expect(lines).toMatchObject([{ level, msg: 'text', context: 'Context' }]);
  });

  it.each([
    ['trace', 6],
    ['debug', 5],
    ['info', 4],
    ['warn', 3],
    ['error', 2],
    ['fatal', 1],
  ])('at level %s contains what is at least as important', (level, count) => {
    const { logger, lines } = listening(level);
    for (const method of ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const)
      logger[method]('text', 'Context');
    expect(lines).toHaveLength(count);
  });

  it('keeps Nest’s lines about its own assembly for developers', () => {
    const { logger, lines } = listening();
    for (const context of ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']) {
      logger.log('starting', context);
      logger.warn('a warning', context);
    }
    expect(lines.filter(({ msg }) => msg === 'starting').map(({ level }) => level)).toEqual([20, 20, 20, 20, 20]);
    expect(lines.filter(({ msg }) => msg === 'a warning').map(({ level }) => level)).toEqual([40, 40, 40, 40, 40]);
  });

  it('contains the stack that Nest passes with an error, and only the message of an error object', () => {
    const { logger, lines } = listening();
    const error = Object.assign(new Error('it broke'), {
      config: { headers: { authorization: 'CANARY' } },
      cause: 'CANARY',
    });
    logger.error('it broke', 'Error: it broke\n    at x', 'Context');
    logger.error(error, 'Context');
    expect(lines[0]).toMatchObject({ msg: 'it broke', stack: 'Error: it broke\n    at x', context: 'Context' });
    expect(lines[1]).toMatchObject({ msg: 'it broke', context: 'Context' });
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('keeps every message on one line, and expands no placeholder and no terminal control', () => {
    const { logger, lines } = listening();
    logger.log('one\ntwo {"level":60} %s %o', 'Context');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 30, msg: 'one\ntwo {"level":60} %s %o' });
  });

  it.each([undefined, null, 7, true, Symbol('x')])('describes a value that is no text (%p)', (message) => {
    const { logger, lines } = listening();
    logger.log(message, 'Context');
    expect(lines).toMatchObject([{ msg: String(message) }]);
  });

  it('contains no ticket, wherever in a line an address with one is', () => {
    const { logger, lines } = listening('trace', pinoOptions('trace'));
    const address = 'https://app.example.com/api/dingtalk:redeem?authenticator=dingtalk#ticket=eyJ.CANARY-_.x';
    logger.log(`went to ${address}`, 'Context');
    logger.error({ detail: address, of: { location: `${address} and on` } });
    logger.error(new Error(address));
    expect(JSON.stringify(lines)).not.toContain('CANARY');
    expect(lines).toMatchObject([
      { msg: expect.stringMatching(/#ticket=\[redacted\]$/) },
      { of: { location: expect.stringMatching(/\[redacted\] and on$/) } },
      {},
    ]);
  });

  it('contains no value of a field that should never be logged', () => {
    const { logger, lines } = listening('trace', pinoOptions('trace'));
    logger.log({ event: 'x', code: 'misconfigured', token: 'CANARY', headers: { authorization: 'CANARY' } }, 'Context');
    logger.error({ detail: 'kept', clientSecret: 'CANARY', person: { mobile: 'CANARY' } });
    expect(JSON.stringify(lines)).not.toContain('CANARY');
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/Z$/),
        context: 'Context',
        event: 'x',
        code: 'misconfigured',
        token: '[redacted]',
        headers: { authorization: '[redacted]' },
      },
      expect.objectContaining({ level: 50, detail: 'kept', person: { mobile: '[redacted]' } }),
    ]);
  });

  it('contains the id of the current trace', async () => {
    const { logger, lines } = listening();
    const span = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', traceparent: '', end: () => undefined };
    const telemetry = new Telemetry(undefined, { start: () => span, stop: async () => undefined });
    const facts = { requestId: '', authenticator: '', route: '', traceparent: undefined, subjectHash: () => undefined };
    await telemetry.signIn(facts, async () => {
      logger.log('inside', 'Context');
      return { match: 'bound' };
    });
    logger.log('outside', 'Context');
    expect(lines[0]).toMatchObject({ msg: 'inside', trace_id: span.traceId });
    expect(lines[1]).not.toHaveProperty('trace_id');
  });

  it('is written to by Nest’s own loggers', () => {
    const { logger, lines } = listening();
    Logger.overrideLogger(logger);
    try {
      const speaker = new Logger('Speaker');
      speaker.log({ event: 'x' });
      speaker.error('it broke', 'the stack');
      speaker.warn('careful');
    } finally {
      Logger.overrideLogger(false);
    }
    expect(lines).toMatchObject([
      { level: 30, event: 'x', context: 'Speaker' },
      { level: 50, msg: 'it broke', stack: 'the stack', context: 'Speaker' },
      { level: 40, msg: 'careful', context: 'Speaker' },
    ]);
  });

  it('starts at the configured level', () => {
    expect(() => PinoLoggerService.atLevel('warn')).not.toThrow();
    expect(() => PinoLoggerService.atLevel('loud')).toThrow('loud');
  });

  // Nest passes an error that escapes an exception filter or a start-up hook as an object: `logger.error(error)`. With
  // only its message, the log would not say where it came from.
  it('contains the stack of an error object', () => {
    const { logger, lines } = listening();
    logger.error(new Error('it broke'), 'ExceptionsHandler');
    expect(lines[0]?.['stack']).toContain('pino-logger.service.spec');
  });
});
