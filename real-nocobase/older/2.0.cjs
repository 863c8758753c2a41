'use strict';
// Differences between NocoBase 2.0 and 2.1, in the files of github.com/nocobase/nocobase at v2.0.0 and v2.1.0.
const { parse } = require('node:url');
const { actions } = require('@nocobase/auth/lib/actions.js');
const { Database, Repository } = require('@nocobase/database');
const { Gateway } = require('@nocobase/server');

function takeAway() {
  // packages/core/auth/src/actions.ts: auth:check returns everything that is cached about a user, including the password hash.
  actions.check = async (ctx, next) => {
    ctx.body = ctx.auth.user || {};
    await next();
  };
  withoutAuthenticatorOfTokens();
  countedByFirstKey();
  withoutAddressesOfSubApps();
}

/** packages/plugins/@nocobase/plugin-auth/src/server/collections/issued-tokens.ts: it has no such column. */
function withoutAuthenticatorOfTokens() {
  const { collection } = Database.prototype;
  Database.prototype.collection = function define(options) {
    if (options.name !== 'issuedTokens') return collection.call(this, options);
    const fields = options.fields.filter(({ name }) => name !== 'authenticator');
    return collection.call(this, { ...options, fields });
  };
}

/**
 * packages/core/database/src/repository.ts, up to v2.0.36 (nocobase/nocobase#9094): counts the distinct values of the first key, so
 * for `usersAuthenticators` the authenticators and not the rows.
 */
function countedByFirstKey() {
  const { count } = Repository.prototype;
  Repository.prototype.count = function countDistinct(options) {
    const { collection } = this;
    const distinct = Boolean(collection.model.primaryKeyAttribute) && !collection.isMultiFilterTargetKey();
    return count.call(this, { ...options, distinct });
  };
}

/** packages/core/server/src/gateway/index.ts, `reset`: `/api/__app/NAME/` does not address an application. */
function withoutAddressesOfSubApps() {
  const add = Gateway.prototype.addAppSelectorMiddleware;
  const selector = async (ctx, next) => {
    const { __appName: name } = parse(ctx.req.url, true).query;
    ctx.resolvedAppName = ctx.req.headers['x-app'] ?? name ?? ctx.resolvedAppName;
    await next();
  };
  Gateway.prototype.addAppSelectorMiddleware = function addOlder(middleware, options) {
    return add.call(this, options?.tag === 'core' ? selector : middleware, options);
  };
  Gateway.getInstance().reset();
}

module.exports = { takeAway };
