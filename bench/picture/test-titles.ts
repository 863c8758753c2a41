import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Every test that these files contain, as `file › describe › title`; computed titles are shown as source text. */
export function testTitles(root: string, files: readonly string[]): string[] {
  return files.flatMap((file) => titlesIn(readFileSync(join(root, file), 'utf8')).map((title) => `${file} › ${title}`));
}

/** A table of `it.each` is one title. */
export function titlesIn(source: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node, above: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? testCall(node) : undefined;
    if (call?.kind === 'it' || call?.kind === 'test') titles.push([...above, call.title].join(' › '));
    const inside = call === undefined ? above : [...above, call.title];
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile('spec.ts', source, ts.ScriptTarget.Latest, true), []);
  return titles;
}

/** `it('…', …)`, `it.each(table)('…', …)`, `describeWith('redis', '…', …)` and the like. */
function testCall(call: ts.CallExpression): { kind: string; title: string } | undefined {
  const kind = /^(describe|it|test)(?:With\w*)?$/.exec(firstName(call.expression))?.[1];
  const body = call.arguments.findIndex(
    (argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument),
  );
  const title = call.arguments[body - 1];
  if (kind === undefined || title === undefined) return undefined;
  return { kind, title: ts.isStringLiteralLike(title) ? title.text : title.getText() };
}

function firstName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) {
    return firstName(expression.expression);
  }
  return ts.isTaggedTemplateExpression(expression) ? firstName(expression.tag) : '';
}

/** Where Jest looks for tests. */
export function specFiles(root: string): string[] {
  return ['src', 'test', 'sandbox'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      // Contracts are tests that several suites run.
      .filter((path) => /\.(?:(?:e2e-)?spec|contract)\.ts$/.test(path))
      .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
      .toSorted(),
  );
}
