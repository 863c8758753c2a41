'use strict';
// @nocobase/app is needed only for its built web clients; its command line would add build tools. server.cjs starts NocoBase.
module.exports = {};
