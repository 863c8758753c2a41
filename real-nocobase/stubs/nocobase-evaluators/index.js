'use strict';
// Formula engines of workflows and formula fields; imported by the data source plugins, called by none of the tests.
module.exports = {};
