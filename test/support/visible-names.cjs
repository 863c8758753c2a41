'use strict';
// Prints which of the names that an older NocoBase lacks are visible from here, and from a copy of this file. Arguments: the folder
// real-nocobase/older, a minor version, and the path of the copy.
function visible(names) {
  return Object.entries(names).flatMap(([id, list]) =>
    list.filter((name) => isVisible(id, name)).map((name) => `${id}: ${name}`),
  );
}

function isVisible(id, name) {
  const [owner, member] = name.split('.');
  const loaded = require(id);
  if (!(owner in loaded)) return false;
  try {
    return !member || loaded[owner].prototype[member] !== undefined;
  } catch {
    return true; // a getter, called without its object
  }
}

module.exports = { visible };

if (require.main === module) {
  const [, , older, minor, copy] = process.argv;
  require(`${older}/index.cjs`).lookLike(minor);
  const names = require(`${older}/names.json`)[minor];
  const seen = { here: visible(names), there: require(copy).visible(names) };
  process.stdout.write(`\n${JSON.stringify(seen)}\n`, () => process.exit(0));
}
