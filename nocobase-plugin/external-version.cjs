'use strict';
// NocoBase's plugin manager compares these with its own: of its own packages the minor version must be the same. Its own
// plugins are built anew for each; this one uses only what all of 2.x has (uses.json), and says so by naming the one that is
// there. What it refuses all the same, and in words: src/server/supported.ts.
const { version } = require('@nocobase/server/package.json');
const compatible = version.startsWith('2.') ? version : '2.2.15';

module.exports = {
  '@nocobase/actions': compatible,
  '@nocobase/auth': compatible,
  '@nocobase/client': compatible,
  '@nocobase/client-v2': compatible,
  '@nocobase/database': compatible,
  '@nocobase/server': compatible,
};
