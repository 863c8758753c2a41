'use strict';
// 90 MB of SQL grammars, used by NocoBase for SQL collections and views only.
module.exports = {
  Parser: class {
    parse() {
      throw new Error('real-nocobase: node-sql-parser is a stub');
    }
  },
};
