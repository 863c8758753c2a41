'use strict';
// Listens to locks as a workflow with a collection event does: src/server/triggers/CollectionTrigger.ts of plugin-workflow, the same
// in NocoBase 2.0, 2.1 and 2.2.
const { Plugin } = require('@nocobase/server');

const EVENTS = { added: 'afterCreateWithAssociations', updated: 'afterUpdateWithAssociations' };

class LockListener extends Plugin {
  async load() {
    const heard = [];
    for (const [what, event] of Object.entries(EVENTS)) {
      this.app.db.on(`dingtalkLocks.${event}`, async (row, { transaction }) => {
        const { userId, origin, undoneAt } = row.toJSON();
        // A workflow that is not synchronous starts after the commit.
        transaction.afterCommit(() => heard.push({ what, userId, origin, isUndone: Boolean(undoneAt) }));
      });
    }
    const list = async (ctx, next) => {
      ctx.body = heard;
      await next();
    };
    this.app.resourceManager.define({ name: 'lockListener', actions: { list } });
    this.app.acl.allow('lockListener', 'list', 'public');
  }
}

module.exports = LockListener;
