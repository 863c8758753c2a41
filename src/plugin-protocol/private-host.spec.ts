import { isPrivateHost } from './private-host.js';

const hostOf = (address: string): string => new URL(`http://${address}`).hostname;

describe('a host of a private network', () => {
  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.20',
    '100.64.0.1',
    '100.127.9.9',
    '[fd00::1]',
    '[fc12::1]',
    'nocobase',
    'NocoBase-1',
    'nas.local',
    'a.b.lan',
    'app.internal',
    'x.home.arpa',
    'evil-lan',
    '10.1',
    '0xa000001',
  ])('is %s', (host) => expect(isPrivateHost(hostOf(host))).toBe(true));

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '172.15.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '11.0.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '[fe80::1]',
    '[2001:db8::1]',
    '[::ffff:10.0.0.1]',
    '[::1]',
    'example.com',
    'local.example.com',
    '10.0.0.1.example.com',
    'evillan.com',
    'home.arpa.example',
  ])('is not %s', (host) => expect(isPrivateHost(hostOf(host))).toBe(false));
});
