'use strict';
// A yardstick, not a way to sign in: it believes everyone. See bench/nocobase/bare-sign-in.ts.
const { BaseAuth } = require('@nocobase/auth');
const { DataTypes } = require('@nocobase/database');
const { Plugin } = require('@nocobase/server');

class BareSignInPlugin extends Plugin {
  async load() {
    const { db } = this;
    const used = db.sequelize.define(
      'benchUsed',
      { jti: { type: DataTypes.STRING(64), primaryKey: true } },
      { tableName: 'bench_used', timestamps: false },
    );
    await used.sync();
    // NocoBase's own sign-in with one read by an index and one insert by a primary key.
    class BareAuth extends BaseAuth {
      constructor(config) {
        super({ ...config, userCollection: config.ctx.db.getCollection('users') });
      }

      async validate() {
        const { ctx } = this;
        await used.create({ jti: ctx.get('X-Bench-Once') });
        return ctx.db.getRepository('users').findOne({ filter: { username: ctx.get('X-Bench-Account') } });
      }
    }
    this.app.authManager.registerTypes('bench-bare', { auth: BareAuth, title: 'Bare' });
  }
}

module.exports = BareSignInPlugin;
module.exports.default = BareSignInPlugin;
