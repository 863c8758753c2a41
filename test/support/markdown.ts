/** The rows of the first table after these words, without its header; cells as written. */
export function tableAfter(markdown: string, words: string): string[][] {
  const after = markdown.slice(markdown.indexOf(words));
  const table = /(?:^\|.*\|\n)+/m.exec(after)?.[0] ?? '';
  return table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
