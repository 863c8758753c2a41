/** @param changed paths from the root, as `pathOf` gives them; a suite is its path where nothing else is said */
export function changedFirst<Suite = string>(
  suites: readonly Suite[],
  changed: readonly string[],
  pathOf?: (suite: Suite) => string,
): Suite[];
