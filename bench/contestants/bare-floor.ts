import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import {
  bindingQuery,
  handOff,
  newSession,
  newUser,
  phoneQuery,
  type Profile,
  type Rows,
} from './nocobase-requests.js';
import { settings } from './settings.js';
import { COOKIE, sign, unsign } from './signed-cookie.js';

// The minimum cost of a sign-in on Node: the same steps on node:http and undici, with nothing in between.

const dingTalk = new Pool(settings.apiUrl, { connections: 64 });
const nocoBase = new Pool(settings.nocoBaseUrl, { connections: 64 });
const nocoBaseHeaders = { authorization: `Bearer ${settings.nocoBaseToken}`, 'content-type': 'application/json' };

async function ask<Body>(pool: Pool, path: string, headers: Record<string, string>, body?: object): Promise<Body> {
  const answer = await pool.request({
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path}: HTTP ${answer.statusCode}`);
  return JSON.parse(text) as Body;
}

const askNocoBase = async <Body>(path: string, body?: object): Promise<Body> =>
  ask<Body>(nocoBase, `/api/${path}`, nocoBaseHeaders, body);
const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

function start(url: URL, response: ServerResponse): void {
  const state = randomBytes(32).toString('base64url');
  const cookie = sign({ state, returnPath: url.searchParams.get('redirect') ?? '/admin' });
  const location = `${settings.loginUrl}/oauth2/auth?${query({
    redirect_uri: settings.redirectUri,
    response_type: 'code',
    client_id: settings.clientId,
    scope: 'openid corpid',
    prompt: 'consent',
    state,
    corpId: settings.corpId,
  })}`;
  const setCookie = `${COOKIE}=${cookie}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`;
  response.writeHead(302, { location, 'set-cookie': setCookie }).end();
}

async function callback(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const kept = unsign(request.headers.cookie) as { state: string; returnPath: string } | undefined;
  const code = url.searchParams.get('code');
  if (kept === undefined || kept.state !== url.searchParams.get('state') || code === null) {
    response.writeHead(400).end();
    return;
  }
  const { clientId, clientSecret } = settings;
  const { accessToken } = await ask<{ accessToken: string }>(
    dingTalk,
    '/v1.0/oauth2/userAccessToken',
    { 'content-type': 'application/json' },
    { clientId, clientSecret, code, grantType: 'authorization_code' },
  );
  const profile = await ask<Profile>(dingTalk, '/v1.0/contact/users/me', {
    'x-acs-dingtalk-access-token': accessToken,
  });
  const { row, token } = await newSession(await userOf(profile));
  await askNocoBase('issuedTokens:create', row);
  const setCookie = `${COOKIE}=; Max-Age=0; Path=/`;
  response.writeHead(303, { location: handOff(kept.returnPath, token), 'set-cookie': setCookie }).end();
}

async function userOf(profile: Profile): Promise<number> {
  const bindings = await askNocoBase<Rows<{ userId: number }>>(
    `usersAuthenticators:list?${query(bindingQuery(profile.unionId))}`,
  );
  const [binding] = bindings.data;
  if (binding !== undefined) return binding.userId;
  const found = await askNocoBase<Rows<{ id: number }>>(`users:list?${query(phoneQuery(profile))}`);
  if (found.data.length > 0) throw new Error('the number belongs to somebody');
  const created = await askNocoBase<{ data: { id: number } }>('authenticators/dingtalk/users:create', newUser(profile));
  return created.data.id;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', settings.nocoBasePublicUrl);
  if (url.pathname === '/auth/dingtalk') return start(url, response);
  callback(url, request, response).catch(() => response.writeHead(502).end());
});
server.listen(settings.port, settings.host, () => process.stdout.write('"listening"\n'));
