'use strict';
// 90 MB of SQL grammars, which NocoBase uses only for SQL collections and views.
module.exports = {
  Parser: class {
    parse() {
      throw new Error('real-nocobase: node-sql-parser is a stub');
    }
  },
};
