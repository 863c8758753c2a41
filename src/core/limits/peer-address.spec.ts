import { isInsideAddress, plainAddress } from './peer-address.js';

describe('The address of the peer of a connection', () => {
  it('is normalized, in whatever form a socket reports it', () => {
    expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(plainAddress('nobody')).toBeUndefined();
    expect(plainAddress(undefined)).toBeUndefined();
  });

  it('is internal, or public', () => {
    expect(['127.0.0.1', '10.0.0.1', '100.64.0.1', 'fd00::1', 'fe80::1'].filter(isInsideAddress)).toHaveLength(5);
    expect(['203.0.113.7', '8.8.8.8', '2001:4860::8888'].filter(isInsideAddress)).toEqual([]);
  });
});
