import ts from 'typescript';

/**
 * What other applications import, name by name with its members, regardless of the files that contain it.
 *
 * @param entry `dist/index.d.ts`
 */
export function publicTypes(entry: string): string[] {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const symbol = file && checker.getSymbolAtLocation(file);
  if (file === undefined || symbol === undefined) throw new Error(`${entry} exports nothing: run the build first`);
  const textOf = (type: ts.Type): string =>
    checker
      .typeToString(type, file, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias)
      // The file that contains a type is not part of the interface.
      .replaceAll(/import\("[^"]*"\)\./g, '');
  return checker
    .getExportsOfModule(symbol)
    .flatMap((exported) => {
      const actual = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declared = checker.getDeclaredTypeOfSymbol(actual);
      const isType =
        (actual.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;
      const isValue = (actual.flags & ts.SymbolFlags.Value) !== 0;
      return [
        ...(isValue ? [`${exported.name}: ${textOf(checker.getTypeOfSymbol(actual))}`] : []),
        ...(isType ? [`type ${exported.name} = ${textOf(declared)}`] : []),
        ...(isType ? membersOf(declared).map((member) => `type ${exported.name}: ${member}`) : []),
      ];
    })
    .toSorted();

  function membersOf(type: ts.Type): string[] {
    // A string or an array has its members from JavaScript.
    if (!(type.flags & ts.TypeFlags.Object || type.isIntersection()) || checker.isArrayLikeType(type)) return [];
    return type.getProperties().map((member) => {
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
      // A symbol's name ends with a number that differs each time.
      const name = member.name.replace(/^__@(\w+)@\d+$/, '[$1]');
      return `${name}${isOptional ? '?' : ''}: ${textOf(checker.getTypeOfSymbol(member))}`;
    });
  }
}
