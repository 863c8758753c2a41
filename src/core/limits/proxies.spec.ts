import { isInsideAddress, isTrustedPeer, plainAddress } from './proxies.js';

describe('A proxy', () => {
  it.each([
    ['127.0.0.1', ['loopback'], true],
    ['::1', ['loopback'], true],
    ['127.0.0.1', ['linklocal', 'uniquelocal'], false],
    ['169.254.1.1', ['linklocal'], true],
    ['fe80::1', ['linklocal'], true],
    ['10.1.2.3', ['uniquelocal'], true],
    ['172.31.0.9', ['uniquelocal'], true],
    ['172.32.0.9', ['uniquelocal'], false],
    ['192.168.7.7', ['loopback', 'uniquelocal'], true],
    ['fd00::7', ['uniquelocal'], true],
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.7', ['203.0.113.0/24'], true],
    ['203.0.114.7', ['203.0.113.0/24'], false],
    ['203.0.113.7', ['2001:db8::/32'], false],
    ['203.0.113.7', [], false],
  ])('at %s is among %j: %s', (peer, ranges, isTrusted) => {
    expect(isTrustedPeer(peer, ranges)).toBe(isTrusted);
  });

  it('has one address, however a socket writes it', () => {
    expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(plainAddress('nobody')).toBeUndefined();
    expect(plainAddress(undefined)).toBeUndefined();
  });

  it('is inside, or anybody', () => {
    expect(['127.0.0.1', '10.0.0.1', '100.64.0.1', 'fd00::1', 'fe80::1'].filter(isInsideAddress)).toHaveLength(5);
    expect(['203.0.113.7', '8.8.8.8', '2001:4860::8888'].filter(isInsideAddress)).toEqual([]);
  });
});
