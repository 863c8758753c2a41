/** What a terminal shows after these bytes: enough of ECMA-48 for line editing, without wrapping. */
export function screenOf(bytes: string): string {
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  const line = (): string[] => (rows[row] ??= []);
  const put = (character: string): void => {
    const cells = line();
    while (cells.length < column) cells.push(' ');
    cells[column] = character;
    column += 1;
  };
  const control = (parameters: string, final: string): void => {
    const count = Number(parameters) || 1;
    if (final === 'G') column = count - 1;
    else if (final === 'C') column += count;
    else if (final === 'D') column = Math.max(0, column - count);
    else if (final === 'A') row = Math.max(0, row - count);
    else if (final === 'B') row += count;
    else if (final === 'K' || final === 'J') {
      const all = parameters === '2';
      line().length = all ? 0 : Math.min(line().length, column);
      if (final === 'J') rows.length = row + 1;
    }
  };
  // oxlint-disable-next-line no-control-regex
  for (const [whole, parameters = '', final] of bytes.matchAll(/\u001b\[([\d;?]*)([A-Za-z])|[^]/gu)) {
    if (final !== undefined) control(parameters, final);
    else if (whole === '\r') column = 0;
    else if (whole === '\n') row += 1;
    else if (whole === '\b') column = Math.max(0, column - 1);
    else if (whole >= ' ') put(whole);
  }
  return Array.from(rows, (cells) => (cells ?? []).join('').trimEnd()).join('\n');
}
