const declared = new Set<string>();

/** Every variable that a class with rules has, `NAME_FILE` included: all classes are loaded before any is read. */
export function declaredVariables(): ReadonlySet<string> {
  return declared;
}

export function declareVariable(name: string): void {
  declared.add(name);
}
