import type { IncomingMessage } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { ProxySight, readSight, SIGHT_QUESTION, sightQuestion } from './proxy-sight.js';
import type { Settings } from '../settings.js';

const SECRETS: Settings['auth']['cookieSecrets'] = [
  'a-secret-of-these-tests-and-no-other',
  'an-older-secret-of-these-tests',
];

function sight(trustedProxies: string[]) {
  const warnings: Record<string, unknown>[] = [];
  const logger = { warn: (line: Record<string, unknown>) => warnings.push(line) } as unknown as LoggerService;
  const settings = { app: { trustedProxies }, auth: { cookieSecrets: SECRETS } } as unknown as Settings;
  const sees = new ProxySight(settings, logger);
  const look = (remoteAddress: string, headers: Record<string, string> = { 'x-forwarded-for': '203.0.113.9' }) =>
    sees.look({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);
  return { warnings, look };
}

describe('a proxy that is missing in TRUST_PROXY', () => {
  it('is reported once, ready to paste, together with the trusted ones', () => {
    const { warnings, look } = sight(['10.0.0.0/8']);
    for (let i = 0; i < 3; i += 1) look('::ffff:127.0.0.1');
    expect(warnings).toEqual([
      expect.objectContaining({ event: 'untrusted_proxy', peer: '127.0.0.1', set: 'TRUST_PROXY=10.0.0.0/8,127.0.0.1' }),
    ]);
  });

  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['::ffff:10.1.2.3', ['10.0.0.0/8']],
    ['fd00::5', ['fd00::/8', '10.0.0.0/8']],
    ['::1', ['::1']],
  ])('is none at %s with %j', (peer, ranges) => {
    const { warnings, look } = sight(ranges);
    look(peer);
    expect(warnings).toEqual([]);
  });

  it('is not detected without the header', () => {
    const { warnings, look } = sight([]);
    look('127.0.0.1', {});
    expect(warnings).toEqual([]);
  });

  it('is never a public address, which any stranger could have us trust, and none of those hides the real one', () => {
    const { warnings, look } = sight([]);
    for (let i = 1; i < 100; i += 1) look(`203.0.113.${i}`);
    look('192.168.1.4');
    expect(warnings.map(({ peer, set }) => [peer, set])).toEqual([
      ['203.0.113.1', undefined],
      ['192.168.1.4', 'TRUST_PROXY=192.168.1.4'],
    ]);
  });
});

describe('the doctor’s request', () => {
  it('is answered for a sender with the secret, and with the current time', () => {
    const { look } = sight([]);
    for (const secrets of [SECRETS, [SECRETS[1]!] as [string]]) {
      const headers = { 'x-forwarded-for': '203.0.113.9', [SIGHT_QUESTION]: sightQuestion(secrets) };
      expect(readSight(look('127.0.0.1', headers))).toEqual({ peer: '127.0.0.1', isForwarded: true, isTrusted: false });
    }
  });

  it('is answered for no one else', () => {
    const { look } = sight([]);
    const good = sightQuestion(SECRETS);
    for (const question of [
      '',
      '1.x',
      sightQuestion(['another secret']),
      sightQuestion(SECRETS, Date.now() - 120_000),
      `${good}x`,
    ]) {
      expect(look('127.0.0.1', { [SIGHT_QUESTION]: question })).toBeUndefined();
    }
    expect(readSight('<script> forwarded trusted')).toBeUndefined();
  });
});
