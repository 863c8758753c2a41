import { callbackUrl } from '../src/core/plugin-protocol/index.js';

interface Client {
  readonly app: { readonly name: string; getPublicPath(): string; getApiUrl(): string };
  readonly isNew: boolean;
}

/** The plugin's sources have their own types, which this project does not see. */
const server = {
  ...jest.requireActual<{ placesOf(app: string): { app: string; apiBasePath?: string | undefined } }>(
    '../nocobase-plugin/src/server/paths.js',
  ),
  ...jest.requireActual<{ settings: { parse(options: unknown): { nocobaseUrl: string } } }>(
    '../nocobase-plugin/src/server/settings.js',
  ),
};
const form = jest.requireActual<{
  nocobaseUrl(client: Client): string;
  redirectUrlOfNocobase(client: Client, entered: string, appName: string, authenticator: string): string;
}>('../nocobase-plugin/src/client-shared/addresses.js');

/** As NocoBase's command line leaves its variables: `API_BASE_PATH` begins with `APP_PUBLIC_PATH`. */
interface Place {
  readonly origin: string;
  readonly publicPath: string;
  readonly apiBasePath: string;
  readonly app: string;
}

describe('The Redirect URL in the form', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
    Reflect.deleteProperty(globalThis, 'location');
  });

  const clientAt = ({ origin, publicPath, apiBasePath, app }: Place, isNew: boolean): Client => {
    Object.assign(globalThis, { location: { origin, href: `${origin}${publicPath}` } });
    const client = {
      name: app,
      getPublicPath: () => (isNew ? `${publicPath}v/` : publicPath),
      getApiUrl: () => `${origin}${apiBasePath}`,
    };
    return { app: client, isNew };
  };

  const CRM = { origin: 'https://crm.example.com', publicPath: '/', apiBasePath: '/api/', app: 'main' };

  it.each<[string, Place, string]>([
    ['as it comes', CRM, 'https://crm.example.com/api/dingtalk/callback/dingtalk'],
    [
      'below a path',
      { ...CRM, publicPath: '/nocobase/', apiBasePath: '/nocobase/api/' },
      'https://crm.example.com/nocobase/api/dingtalk/callback/dingtalk',
    ],
    [
      'with another API path',
      { ...CRM, publicPath: '/nb/', apiBasePath: '/nb/rest/' },
      'https://crm.example.com/nb/rest/dingtalk/callback/dingtalk',
    ],
    ['in a sub-app', { ...CRM, app: 'sales' }, 'https://crm.example.com/api/__app/sales/dingtalk/callback/dingtalk'],
    [
      'in a sub-app below a path',
      { ...CRM, publicPath: '/nb/', apiBasePath: '/nb/api/', app: 'sales' },
      'https://crm.example.com/nb/api/__app/sales/dingtalk/callback/dingtalk',
    ],
  ])('is the one that the server sends, %s', (_where, place, url) => {
    process.env['APP_PUBLIC_PATH'] = place.publicPath;
    process.env['API_BASE_PATH'] = place.apiBasePath;
    for (const isNew of [false, true]) {
      const client = clientAt(place, isNew);
      for (const entered of [form.nocobaseUrl(client), ` ${form.nocobaseUrl(client)}// `]) {
        const saved = server.settings.parse({ nocobaseUrl: entered });
        const sent = callbackUrl(saved.nocobaseUrl, server.placesOf(place.app), 'dingtalk');
        expect(sent).toBe(url);
        expect(form.redirectUrlOfNocobase(client, entered, place.app, 'dingtalk')).toBe(sent);
      }
    }
  });

  it('is computed from the entered address, not from the one at which the form is open', () => {
    const client = clientAt({ ...CRM, origin: 'http://10.0.0.5:13000' }, false);
    expect(form.redirectUrlOfNocobase(client, 'https://crm.example.com', 'main', 'dingtalk')).toBe(
      'https://crm.example.com/api/dingtalk/callback/dingtalk',
    );
  });
});
