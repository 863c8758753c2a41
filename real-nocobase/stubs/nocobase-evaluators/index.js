'use strict';
// Formula engines of workflows and formula fields; imported by the data source plugins, but called by none of the tests.
module.exports = {};
