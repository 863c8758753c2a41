'use strict';
// Only needed with CACHE_REDIS_URL and related variables, which server.cjs does not set.
module.exports = {
  createClient() {
    throw new Error('real-nocobase: redis is a stub');
  },
};
