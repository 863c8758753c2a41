'use strict';
// Makes the NocoBase of this process look like an older one, as far as plugins and API clients can tell. npm has a complete
// NocoBase of only one version; the others are simulated by removing what they do not have.
const packageJson = require('@nocobase/server/package.json');
const names = require('./names.json');

/** What turns each minor version into the next older one, down from the installed one. */
const STEPS = { 2.1: ['./2.1.cjs'], '2.0': ['./2.1.cjs', './2.0.cjs'] };

/** Must be called before anything else of NocoBase is loaded. @param {'2.0' | '2.1'} minor its first release */
function lookLike(minor) {
  if (!STEPS[minor])
    throw new Error(`There is no NocoBase ${minor} to look like, only ${Object.keys(STEPS).join(', ')}`);
  packageJson.version = `${minor}.0`;
  for (const step of STEPS[minor]) require(step).takeAway();
  require('./hidden-names.cjs').hideFromPlugins(names[minor]);
}

module.exports = { lookLike };
