'use strict';
// @nocobase/ai brings langchain and related packages (450 MB). @nocobase/server only constructs these classes and registers things
// with the managers, so each manager here accepts every property and every call.
const accepting = () =>
  new Proxy(function () {}, {
    // no "then", so that it can be awaited
    get: (_target, key) => (key === 'then' ? undefined : accepting()),
    apply: () => accepting(),
  });

class AIManager {
  constructor(app) {
    this.app = app;
    for (const name of [
      'toolsManager',
      'skillsManager',
      'employeeManager',
      'mcpToolsManager',
      'documentManager',
      'documentLoader',
      'mcpManager',
    ]) {
      this[name] = accepting();
    }
  }
}

class Loader {
  async load() {}
}

module.exports = {
  AIManager,
  ToolsLoader: Loader,
  MCPLoader: Loader,
  SkillsLoader: Loader,
  AIEmployeeLoader: Loader,
  defineTools: (tools) => tools,
  defineAIEmployee: (employee) => employee,
};
