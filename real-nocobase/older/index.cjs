'use strict';
// Makes the NocoBase of this process look like an older one, as far as plugins and clients of its API can tell. npm has a
// whole NocoBase only of one version; the others are made from it by taking away what they do not have.
const packageJson = require('@nocobase/server/package.json');
const names = require('./names.json');

/** What makes one minor version look like the next older one, down from the one that is installed. */
const STEPS = { 2.1: ['./2.1.cjs'], '2.0': ['./2.1.cjs', './2.0.cjs'] };

/** To be called before anything else of NocoBase is loaded. @param {'2.0' | '2.1'} minor its first release */
function lookLike(minor) {
  if (!STEPS[minor])
    throw new Error(`There is no NocoBase ${minor} to look like, only ${Object.keys(STEPS).join(', ')}`);
  packageJson.version = `${minor}.0`;
  for (const step of STEPS[minor]) require(step).takeAway();
  require('./hidden-names.cjs').hideFromPlugins(names[minor]);
}

module.exports = { lookLike };
