import { isLoopback, isPrivate } from './private-network.js';

const hostOf = (address: string): string => new URL(address).hostname;

describe('a private network', () => {
  it.each([
    'http://10.0.0.1',
    'http://10.255.255.255',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.1.20:3000',
    // URL parses them as 192.168.1.20.
    'http://0300.0250.1.20',
    'http://3232235796',
    'http://100.64.0.1',
    'http://100.127.255.255',
    'http://[fc00::1]',
    'http://[fd12:3456:789a::1]',
    'http://nas',
    'http://gateway:3000',
    'http://NAS.local',
    'http://nas.lan',
    'http://app.corp.internal',
    'http://nas.home.arpa',
  ])('includes %s', (address) => {
    expect(isPrivate(hostOf(address))).toBe(true);
    expect(isLoopback(hostOf(address))).toBe(false);
  });

  it.each([
    'http://app.example.com',
    'http://11.0.0.1',
    'http://172.15.255.255',
    'http://172.32.0.1',
    'http://192.169.0.1',
    'http://100.63.255.255',
    'http://100.128.0.1',
    'http://8.8.8.8',
    // Link-local: clouds provide metadata about the machine there.
    'http://169.254.169.254',
    'http://[fe80::1]',
    'http://[::ffff:c0a8:114]',
    'http://[2001:db8::1]',
    'http://[fc::1]',
    'http://0.0.0.0',
    'http://10.0.0.1.nip.io',
    'http://192.168.1.20.example.com',
    'http://local.example.com',
    'http://lan.',
    'http://nas.lan.example',
    'http://xlan.com',
    'http://home.arpa.example',
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
  ])('does not include %s', (address) => {
    expect(isPrivate(hostOf(address))).toBe(false);
  });
});
