'use strict';
// A plugin with two types of authenticator that NocoBase itself does not have. They sign in the user whose name is in the request.
const { BaseAuth } = require('@nocobase/auth');
const { Plugin } = require('@nocobase/server');

class Named extends BaseAuth {
  constructor(config) {
    super({ ...config, userCollection: config.ctx.db.getCollection('users') });
  }

  async validate() {
    const { username } = this.ctx.action.params;
    return this.userRepository.findOne({ filter: { username } });
  }
}

/** Signs its own token, as plugins from before NocoBase 1.6 do, without registering it. */
class SelfSigned extends Named {
  async signIn() {
    const user = await this.validate();
    const token = this.jwt.sign({ userId: user.id }, { jwtid: `self-signed-${user.id}`, expiresIn: '1h' });
    this.ctx.cookies.set('self-signed-session', token);
    return { user, token };
  }
}

/** Like NocoBase's plugins for CAS, OIDC and SAML: service.ts and redirect.ts in src/server/actions of their version 0.19. */
async function service(ctx, next) {
  const { authenticator } = ctx.action.params;
  const auth = await ctx.app.authManager.get(authenticator, ctx);
  try {
    const { token } = await auth.signIn();
    ctx.redirect(`/admin?authenticator=${authenticator}&token=${token}`);
  } catch (error) {
    ctx.redirect(`/signin?authenticator=${authenticator}&error=${encodeURIComponent(error.message)}`);
  }
  await next();
}

class OtherSignIns extends Plugin {
  async load() {
    this.app.authManager.registerTypes('Redirecting', { auth: Named, title: 'Redirecting' });
    this.app.authManager.registerTypes('SelfSigned', { auth: SelfSigned, title: 'Self-signed' });
    this.app.resourceManager.define({ name: 'otherSignIns', actions: { service } });
    this.app.acl.allow('otherSignIns', 'service', 'public');
  }
}

module.exports = OtherSignIns;
