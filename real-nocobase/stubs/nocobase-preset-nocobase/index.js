'use strict';
// @nocobase/app depends on the preset, which would bring about 100 plugins (1 GB). server.cjs has its own preset.
module.exports = {};
