import { isElsewhere } from './saved-address.js';

const SAVED = 'https://app.example.com/nb';
const PORT = 'http://app.example.com:13000';

describe('A start', () => {
  it.each([
    [SAVED, { host: 'app.example.com' }],
    [SAVED, { host: 'APP.example.com:443' }],
    [SAVED, { host: 'app.example.com', 'x-forwarded-proto': 'https' }],
    [SAVED, { host: '10.0.0.1:13000', 'x-forwarded-host': 'app.example.com, proxy.example.com' }],
    [SAVED, { host: 'app.example.com', 'x-forwarded-proto': 'HTTPS, http' }],
    [SAVED, { host: 'app.example.com', 'x-forwarded-proto': 'wss' }],
    [PORT, { host: 'app.example.com:13000' }],
    // `proxy_set_header Host $host` of nginx.
    [PORT, { host: 'app.example.com' }],
    ['http://[::1]:13000', { host: '[::1]:13000' }],
    ['http://[::1]:13000', { host: '[::1]' }],
    // Neither is an address.
    [SAVED, { host: 'app.example.com:99999' }],
    [SAVED, {}],
  ])('at the saved address %s is there: %j', (saved, headers) => {
    expect(isElsewhere(headers, saved)).toBe(false);
  });

  it.each([
    [SAVED, { host: 'intranet.example.com' }],
    [SAVED, { host: '192.168.1.20' }],
    [SAVED, { host: 'app.example.com', 'x-forwarded-proto': 'http' }],
    [SAVED, { host: 'app.example.com:13000' }],
    [SAVED, { host: 'app.example.com', 'x-forwarded-host': 'intranet.example.com' }],
    [PORT, { host: 'app.example.com:80' }],
    [PORT, { host: 'app.example.com:13000', 'x-forwarded-proto': 'https' }],
  ])('at another address than %s is elsewhere: %j', (saved, headers) => {
    expect(isElsewhere(headers, saved)).toBe(true);
  });
});
