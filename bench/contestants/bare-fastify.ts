import { createHash, randomBytes } from 'node:crypto';
import { fastify } from 'fastify';
import { EncryptJWT } from 'jose';
import { settings } from './settings.js';

// Fastify, which the gateway is built on, with only the start of a sign-in: the same sealed cookie and the redirect.

const key = createHash('sha256').update(settings.cookieSecret).digest();
const LIFETIME_SECONDS = 600;

const app = fastify();
app.get<{ Querystring: { redirect?: string } }>('/auth/dingtalk', async (request, reply) => {
  const state = randomBytes(32).toString('base64url');
  const now = Date.now();
  const sealed = await new EncryptJWT({
    flow: 'browser',
    state,
    authenticator: 'dingtalk',
    returnPath: request.query.redirect ?? '/admin',
    startedAt: now,
  })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: '01234567' })
    .setExpirationTime(Math.floor(now / 1000) + LIFETIME_SECONDS)
    .encrypt(key);
  const query = new URLSearchParams({
    redirect_uri: settings.redirectUri,
    response_type: 'code',
    client_id: settings.clientId,
    scope: 'openid corpid',
    prompt: 'consent',
    state,
    corpId: settings.corpId,
  }).toString();
  return reply
    .header(
      'set-cookie',
      `sign-in-${state.slice(0, 16)}=${sealed}; Max-Age=${LIFETIME_SECONDS}; Path=/; HttpOnly; SameSite=Lax`,
    )
    .redirect(`${settings.loginUrl}/oauth2/auth?${query}`, 302);
});
await app.listen({ port: settings.port, host: settings.host });
process.stdout.write('"listening"\n');
