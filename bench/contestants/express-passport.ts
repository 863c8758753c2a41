import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { create } from 'axios';
import express, { type Request } from 'express';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';
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

// What people write in an afternoon: Express, passport-oauth2 and axios, the same steps as the gateway's, and none of its
// protections (no rate limit, no replay protection, no sealed state, no circuit breaker, no validation of answers).

const http = create({ timeout: 5000, httpAgent: new Agent({ keepAlive: true }) });
const nocoBase = create({
  baseURL: `${settings.nocoBaseUrl}/api/`,
  timeout: 5000,
  httpAgent: new Agent({ keepAlive: true }),
  headers: { authorization: `Bearer ${settings.nocoBaseToken}` },
});

/** passport-oauth2 needs a session for its state; a signed cookie is the smallest one. */
const cookieStore = {
  store(request: Request, _meta: unknown, done: (error: unknown, state: string) => void): void {
    const state = randomBytes(32).toString('base64url');
    const cookie = sign({ state, returnPath: request.query['redirect'] ?? '/admin' });
    request.res?.cookie(COOKIE, cookie, { httpOnly: true, sameSite: 'lax', maxAge: 600_000 });
    done(null, state);
  },
  verify(
    request: Request,
    given: string,
    _meta: unknown,
    done: (error: unknown, ok: boolean, state: unknown) => void,
  ): void {
    const { state } = (unsign(request.headers.cookie) ?? {}) as { state?: string };
    done(null, state === given, state === given ? given : { message: 'Invalid state' });
  },
};

class DingTalkStrategy extends OAuth2Strategy {
  constructor() {
    super(
      {
        authorizationURL: `${settings.loginUrl}/oauth2/auth?prompt=consent&corpId=${settings.corpId}`,
        tokenURL: `${settings.apiUrl}/v1.0/oauth2/userAccessToken`,
        clientID: settings.clientId,
        clientSecret: settings.clientSecret,
        callbackURL: settings.redirectUri,
        scope: 'openid corpid',
        store: cookieStore as unknown as OAuth2Strategy.StateStore,
      },
      (_accessToken: string, _refreshToken: string, profile: Profile, done: OAuth2Strategy.VerifyCallback) => {
        userOf(profile).then(
          (userId) => done(null, { userId }),
          (error: unknown) => done(error),
        );
      },
    );
    // DingTalk uses JSON, with names of its own.
    Object.assign(this._oauth2, { getOAuthAccessToken: exchange });
  }

  override userProfile(accessToken: string, done: (error?: unknown, profile?: Profile) => void): void {
    http
      .get<Profile>(`${settings.apiUrl}/v1.0/contact/users/me`, {
        headers: { 'x-acs-dingtalk-access-token': accessToken },
      })
      .then(
        ({ data }) => done(null, data),
        (error: unknown) => done(error),
      );
  }
}

function exchange(
  code: string,
  _params: unknown,
  done: (error: unknown, accessToken?: string, refreshToken?: string, result?: object) => void,
): void {
  const { clientId, clientSecret, apiUrl } = settings;
  http
    .post<{ accessToken: string; refreshToken: string }>(`${apiUrl}/v1.0/oauth2/userAccessToken`, {
      clientId,
      clientSecret,
      code,
      grantType: 'authorization_code',
    })
    .then(
      ({ data }) => done(null, data.accessToken, data.refreshToken, data),
      (error: unknown) => done(error),
    );
}

async function userOf(profile: Profile): Promise<number> {
  const bindings = await nocoBase.get<Rows<{ userId: number }>>('usersAuthenticators:list', {
    params: bindingQuery(profile.unionId),
  });
  const [binding] = bindings.data.data;
  if (binding !== undefined) return binding.userId;
  const { data: found } = await nocoBase.get<Rows<{ id: number }>>('users:list', { params: phoneQuery(profile) });
  if (found.data.length > 0) throw new Error('the number belongs to somebody');
  const created = await nocoBase.post<{ data: { id: number } }>(
    'authenticators/dingtalk/users:create',
    newUser(profile),
  );
  return created.data.data.id;
}

passport.use('dingtalk', new DingTalkStrategy());

const app = express();
app.use(passport.initialize());
app.get('/auth/dingtalk', passport.authenticate('dingtalk', { session: false }));
app.get(
  '/auth/dingtalk/dingtalk/callback',
  passport.authenticate('dingtalk', { session: false }),
  async (request, response) => {
    const { userId } = request.user as { userId: number };
    const { returnPath } = unsign(request.headers.cookie) as { returnPath: string };
    const { row, token } = await newSession(userId);
    await nocoBase.post('issuedTokens:create', row);
    response.clearCookie(COOKIE).redirect(303, handOff(returnPath, token));
  },
);
app.listen(settings.port, settings.host, () => process.stdout.write('"listening"\n'));
