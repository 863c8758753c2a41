import { homePageHere } from './return-paths.js';

describe('A person who requested no page', () => {
  const { APP_CLIENT_ENTRY_MODE, APP_MODERN_CLIENT_PREFIX } = process.env;

  afterEach(() => {
    Object.assign(process.env, { APP_CLIENT_ENTRY_MODE, APP_MODERN_CLIENT_PREFIX });
    if (APP_CLIENT_ENTRY_MODE === undefined) delete process.env['APP_CLIENT_ENTRY_MODE'];
    if (APP_MODERN_CLIENT_PREFIX === undefined) delete process.env['APP_MODERN_CLIENT_PREFIX'];
  });

  it('lands in the classic client unless NocoBase is configured otherwise', () => {
    delete process.env['APP_CLIENT_ENTRY_MODE'];
    expect(homePageHere()).toBe('/admin');
  });

  it.each(['modern-default', 'modern-only'])('lands in the new client, under its prefix, with %s', (mode) => {
    Object.assign(process.env, { APP_CLIENT_ENTRY_MODE: mode, APP_MODERN_CLIENT_PREFIX: 'new' });
    expect(homePageHere()).toBe('/new/admin');
  });
});
