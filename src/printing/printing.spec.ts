import { anyText } from '../../test/support/any-text.js';
import { padded, widthOf } from './columns.js';
import * as fc from 'fast-check';
import { asJsonText, csvCell, printable, printableLines } from './index.js';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** A window title, a bell, colours by C0 and C1, reversed and hidden text, and tags beyond the first plane. */
const EVIL = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u2066\u200b\ufeff\u00ad\u2028\u2029\u{e0041}\u007f李雷';

describe('foreign text', () => {
  it('moves no cursor, hides nothing and reverses nothing, on one line', () => {
    expect(printable(EVIL)).not.toMatch(UNSEEN);
    expect(printable(EVIL)).toContain('李雷');
    expect(printable('a\nb')).toBe('a b');
    expect(printable('王芳 Ünïcödé 😀')).toBe('王芳 Ünïcödé 😀');
  });

  it('keeps its line breaks, but no other invisible character', () => {
    expect(printableLines('a\tb\r\nc\u001b[1md\n')).toBe('a b\r\nc [1md\n');
    expect(printableLines('a\rb')).toBe('a b');
  });

  it('is equivalent JSON, written in visible characters', () => {
    const text = asJsonText({ nickname: EVIL, [EVIL]: [EVIL] });
    expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
    expect(text).toContain('\\u009b');
    expect(text).toContain('\\u202e');
    fc.assert(
      fc.property(anyText(), (value) => {
        expect(JSON.parse(asJsonText([value]))).toEqual([value]);
        expect(asJsonText([value]).replaceAll('\n', '')).not.toMatch(UNSEEN);
      }),
    );
  });
});

describe('a cell of a CSV file', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '−1',
    '@SUM(A1)',
    '|cmd',
    '%0A',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM',
    '｜cmd',
    '％0A',
    '﹦1',
    '﹢1',
    '﹣1',
    '﹫x',
    '⁺1',
    '⁼1',
    '\t1',
    '\r1',
    '\n1',
    '\n=1+1',
    ' =1',
    '\u3000＝1',
    '\u200b=1',
    '\ufeff=1',
    '\u2028=1',
    '\u202e=1',
  ])('is no formula: %j', (value) => {
    const cell = csvCell(value);
    expect(cell).toMatch(/^'/);
    expect(cell).not.toMatch(UNSEEN);
  });

  it('is quoted as in RFC 4180, and otherwise unchanged', () => {
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('say "x"')).toBe('"say ""x"""');
    expect(csvCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
    expect(csvCell('李雷 - 1')).toBe('李雷 - 1');
    expect(csvCell('')).toBe('');
  });

  it('is one line, whatever it contains', () => {
    fc.assert(fc.property(anyText(), (value) => expect(csvCell(value)).not.toMatch(UNSEEN)));
  });
});

describe('Columns on a terminal', () => {
  it.each([
    ['Public address', 14],
    ['公开地址', 8],
    ['（无）', 6],
    ['“root”', 6],
    ['', 0],
  ])('%j takes %i', (words, width) => {
    expect(widthOf(words)).toBe(width);
    expect(padded(words, 20)).toBe(words + ' '.repeat(20 - width));
    expect(padded(words, 1).trimEnd()).toBe(words);
  });
});
