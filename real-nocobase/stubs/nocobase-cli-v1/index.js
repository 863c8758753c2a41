'use strict';
// @nocobase/app is needed for its built web clients only; its command line would add build tools. server.cjs starts NocoBase.
module.exports = {};
