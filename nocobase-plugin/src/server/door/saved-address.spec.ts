import { isElsewhere } from './saved-address.js';

const SAVED = 'https://app.example.com/nb';

describe('A start', () => {
  it.each([
    'https://app.example.com/nb/signin?redirect=/admin',
    'https://APP.example.com:443/',
    // Cookies of one port are sent to all.
    'https://app.example.com:8443/signin',
    // Entered by hand, or from a page that does not say.
    undefined,
    '',
    'no address',
  ])('from a page at the saved address, or from none, is there: %s', (page) => {
    expect(isElsewhere(page, SAVED)).toBe(false);
  });

  it.each([
    'https://intranet.example.com/signin',
    'http://app.example.com/signin',
    'https://192.168.1.20/',
    'http://[::1]/',
  ])('from a page at another address is elsewhere: %s', (page) => {
    expect(isElsewhere(page, SAVED)).toBe(true);
  });
});
