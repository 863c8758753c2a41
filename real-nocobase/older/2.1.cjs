'use strict';
// Differences between NocoBase 2.1 and 2.2, in the files of github.com/nocobase/nocobase at v2.1.0 and v2.2.0.
const { BaseAuth } = require('@nocobase/auth');
const { actions } = require('@nocobase/auth/lib/actions.js');

function takeAway() {
  // packages/core/auth/src/base/auth.ts: a session sets no cookies.
  for (const name of ['setAuthCookies', 'setSessionCookies', 'clearAuthCookies']) {
    BaseAuth.prototype[name] = () => undefined;
  }
  // packages/core/auth/src/actions.ts: a sign-in's origin is not checked, and there is no auth:syncCookies.
  actions.signIn = async (ctx, next) => {
    ctx.body = await ctx.auth.signIn();
    await next();
  };
  delete actions.syncCookies;
}

module.exports = { takeAway };
