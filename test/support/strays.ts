import ts from 'typescript';

/** Functions that speak to people, with the first of their arguments that is a sentence. */
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
    // Everybody.
    text: 0,
  }),
);

/** What an error of ours says is read in the log, if nowhere else; those of the language are for programmers. */
const OF_PROGRAMMERS = new Set(['Error', 'TypeError', 'RangeError']);

/** Of a logger. */
const LOGGED = new Set(['log', 'info', 'warn', 'error', 'fatal', 'debug', 'verbose']);

/** What a form shows of a control. */
const SHOWN = new Set(['title', 'label', 'placeholder', 'message', 'description', 'extra', 'help', 'tooltip', 'alt']);

/** Words for people that are written where they are said, not in a table. */
export function straysIn(file: string, code: string): string[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const add = (node: ts.Node & { readonly text: string }): void => {
    found.add(`${file}: ${node.text.trim()}`);
  };
  const words = (node: ts.Node): void => {
    if (isLiteral(node) && isSentence(node.text) && !isLookedUp(node)) add(node);
    // What another function is given is that function's business, and examples are commands.
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

/** What a table says, with `{}` for what is filled in. */
export function sentencesIn(file: string, code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push([node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('{}'));
    }
    // A key is what programs call it.
    if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true));
  return found;
}

function isLiteral(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** The first argument that is a sentence, where a call speaks to people at all. */
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

/** A control shows even one word; what stands in another element is looked at there. */
function shown(node: ts.Node, add: (node: ts.LiteralLikeNode) => void): void {
  if (isLiteral(node) && /\p{L}{2}/u.test(node.text) && !isLookedUp(node)) add(node);
  const isElsewhere = ts.isCallExpression(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node);
  if (!isElsewhere) node.forEachChild((child) => shown(child, add));
}

/** Not the name of a variable, an option or an encoding, nor several. */
function isSentence(words: string): boolean {
  return /\p{Ll}{2}|\p{Script=Han}/u.test(words) && /\s|[.!?:]$|\p{Script=Han}/u.test(words);
}

/** `'id' in person`, `status === 'ok'`: compared, not said. */
function isLookedUp({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) || ts.isElementAccessExpression(parent);
}
