export const FLOOR: { readonly ecmaVersion: 2017; readonly chromium: 57 };
export function newerThan(chromium: number): string[];
export function problemsIn(code: string): string[];
