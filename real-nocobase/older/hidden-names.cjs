'use strict';
// Hides names from the plugins that an administrator uploads. NocoBase itself, which is newer than it pretends to be, keeps using
// them: its own code would not run otherwise.
const Module = require('node:module');
const path = require('node:path');

/** Where NocoBase unpacks uploads: NB_DIR/storage/plugins. */
const UPLOADED = `${path.sep}${path.join('storage', 'plugins')}${path.sep}`;

/**
 * @param {Readonly<Record<string, readonly string[]>>} names for each package its exports (`name`) and members of its classes
 * (`Class.name`)
 */
function hideFromPlugins(names) {
  const load = Module.prototype.require;
  Module.prototype.require = function requireWithout(id) {
    const loaded = load.call(this, id);
    return names[id] && this.filename?.includes(UPLOADED) ? without(loaded, names[id]) : loaded;
  };
  for (const [id, hidden] of Object.entries(names)) {
    for (const [owner, member] of hidden.map((name) => name.split('.'))) {
      if (member && !hidden.includes(owner)) hideMember(require(id)[owner].prototype, member);
    }
  }
}

function without(loaded, hidden) {
  const all = Object.entries(Object.getOwnPropertyDescriptors(loaded));
  return Object.defineProperties({}, Object.fromEntries(all.filter(([name]) => !hidden.includes(name))));
}

function hideMember(prototype, name) {
  const { value, get } = Object.getOwnPropertyDescriptor(prototype, name);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get() {
      if (isReadByPlugin()) return undefined;
      return get ? get.call(this) : value;
    },
    set(own) {
      Object.defineProperty(this, name, { value: own, configurable: true, enumerable: true, writable: true });
    },
  });
}

/** Whether the code that reads the property is a plugin's: the stack frame above this function and the getter. */
function isReadByPlugin() {
  const [, , , reader = ''] = new Error('where').stack.split('\n');
  return reader.includes(UPLOADED);
}

module.exports = { hideFromPlugins };
