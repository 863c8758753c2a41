'use strict';
// @nocobase/data-source-manager uses mathjs for this one function; the real package is 20 MB.
module.exports = { isArray: Array.isArray };
