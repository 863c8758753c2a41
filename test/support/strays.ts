import ts from 'typescript';

/** Functions whose output people read, with the index of the first argument that may be a sentence. */
const SPEAKERS = new Map(
  Object.entries({
    // Commands.
    out: 0,
    err: 0,
    'io.ask': 0,
    paint: 0,
    description: 0,
    option: 1,
    argument: 1,
    Option: 1,
    addHelpText: 1,
    // The doctor.
    ok: 0,
    failed: 0,
    attention: 0,
    skipped: 0,
    // Everywhere.
    text: 0,
  }),
);

/** The messages of our own errors appear in the log, if nowhere else; those of the language's errors are for programmers. */
const OF_PROGRAMMERS = new Set(['Error', 'TypeError', 'RangeError']);

/** Methods of a logger. */
const LOGGED = new Set(['log', 'info', 'warn', 'error', 'fatal', 'debug', 'verbose']);

/** The properties of a control that a form shows. */
const SHOWN = new Set(['title', 'label', 'placeholder', 'message', 'description', 'extra', 'help', 'tooltip', 'alt']);

/** Texts for people that are written in the code, not in a table. */
export function straysIn(file: string, code: string): string[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const add = (node: ts.Node & { readonly text: string }): void => {
    found.add(`${file}: ${node.text.trim()}`);
  };
  const words = (node: ts.Node): void => {
    if (isLiteral(node) && isSentence(node.text) && !isLookedUp(node)) add(node);
    // Arguments of other functions are not checked, and examples are commands.
    if (!ts.isCallExpression(node)) node.forEachChild(words);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const first = firstSentence(node.expression);
      if (first !== undefined) node.arguments?.slice(first).forEach(words);
    }
    if (isLiteral(node) && /\p{Script=Han}/u.test(node.text)) add(node);
    if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text)) add(node);
    if (ts.isJsxAttribute(node) && SHOWN.has(node.name.getText()) && node.initializer) shown(node.initializer, add);
    node.forEachChild(visit);
  };
  visit(source);
  return [...found];
}

/** A table's text, with `{}` for each parameter. */
export function sentencesIn(file: string, code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push([node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('{}'));
    }
    // Keys are read by programs.
    if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true));
  return found;
}

function isLiteral(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** The index of the first argument that may be a sentence, if the call's output is for people. */
function firstSentence(called: ts.Expression): number | undefined {
  if (isErrorOfOurs(called)) return 0;
  if (!ts.isPropertyAccessExpression(called)) return SPEAKERS.get(called.getText());
  const { name, expression } = called;
  const isLogged = LOGGED.has(name.text) && /log(?:ger)?\b/i.test(expression.getText());
  return isLogged ? 0 : (SPEAKERS.get(called.getText()) ?? SPEAKERS.get(name.text));
}

/** `new StoreUnavailableError(…)`, and `super(…)` in its class. */
function isErrorOfOurs(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.SuperKeyword) {
    const extended = ts.findAncestor(called, ts.isClassLike)?.heritageClauses?.flatMap(({ types }) => types) ?? [];
    return extended.some(({ expression }) => expression.getText().endsWith('Error'));
  }
  return called.getText().endsWith('Error') && !OF_PROGRAMMERS.has(called.getText());
}

/** A control shows even a single word; nested elements are checked separately. */
function shown(node: ts.Node, add: (node: ts.LiteralLikeNode) => void): void {
  if (isLiteral(node) && /\p{L}{2}/u.test(node.text) && !isLookedUp(node)) add(node);
  const isElsewhere = ts.isCallExpression(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node);
  if (!isElsewhere) node.forEachChild((child) => shown(child, add));
}

/** Not the name of a variable, an option or an encoding, nor several of them. */
function isSentence(words: string): boolean {
  return /\p{Ll}{2}|\p{Script=Han}/u.test(words) && /\s|[.!?:]$|\p{Script=Han}/u.test(words);
}

/** `'id' in person`, `status === 'ok'`: compared, not shown. */
function isLookedUp({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) || ts.isElementAccessExpression(parent);
}
