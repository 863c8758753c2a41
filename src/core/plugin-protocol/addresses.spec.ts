import { callbackUrl } from './addresses.js';

describe('The redirect URL of a NocoBase that signs people in by itself', () => {
  it.each([
    ['https://crm.example.com', { app: 'main' }, 'https://crm.example.com/api/dingtalk/callback/dingtalk'],
    [
      'https://x.example.com/nocobase',
      { app: 'main' },
      'https://x.example.com/nocobase/api/dingtalk/callback/dingtalk',
    ],
    ['https://x.example.com', { app: 'sales' }, 'https://x.example.com/api/__app/sales/dingtalk/callback/dingtalk'],
    [
      'https://x.example.com/nocobase',
      { app: 'sales', apiBasePath: '/rest/v1' },
      'https://x.example.com/nocobase/rest/v1/__app/sales/dingtalk/callback/dingtalk',
    ],
    ['https://x.example.com', { app: 'main', apiBasePath: '' }, 'https://x.example.com/api/dingtalk/callback/dingtalk'],
  ])('at %s, %j', (nocobaseUrl, places, url) => {
    expect(callbackUrl(nocobaseUrl, places, 'dingtalk')).toBe(url);
  });
});
