import { cut, escape, table, WIDTH, wrap } from './text.js';

describe('a table for a terminal', () => {
  const header = ['ID', 'SUBSCRIBER', 'ERROR'];

  it('is as narrow as its rows', () => {
    expect(
      table(header, [
        ['1', 'billing', 'no'],
        ['12', 'analytics', ''],
      ]),
    ).toBe('ID  SUBSCRIBER  ERROR\n1   billing     no\n12  analytics');
  });

  it('is never wider than 80 columns: the widest column gives way', () => {
    const rows = [['123456789', 'a-subscriber-with-a-long-name', 'a sentence '.repeat(20)]];
    const lines = table(header, rows).split('\n');
    expect(lines.map((line) => line.length <= WIDTH)).toEqual([true, true]);
    expect(lines[1]).toMatch(/^123456789 {2}a-subscriber-with-a-long-name {2}a sentence.*…$/);
  });

  it('counts letters that are two columns wide as two', () => {
    const [, line] = table(['KEY', 'X'], [['注文'.repeat(40), 'y']]).split('\n');
    expect(line).toMatch(/^(注文)+注?… +y$/);
    expect([...line!].length).toBeLessThan(50);
  });

  it('keeps one row on one line, whatever is in it', () => {
    expect(table(['ERROR'], [['two\nlines\u001b[2J']]).split('\n')).toEqual(['ERROR', 'two\\nlines\\x1b[2J']);
  });
});

describe('text from anywhere', () => {
  it.each([
    ['a command to the terminal', '\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['a mark that turns the direction', 'a\u202eb', 'a\\u{202e}b'],
    ['NUL', 'a\0', 'a\\x00'],
    ['a new line', 'a\nb', 'a\\nb'],
    ['letters of any script', 'Größe 注文', 'Größe 注文'],
  ])('is harmless: %s', (_what, text, shown) => {
    expect(escape(text)).toBe(shown);
  });

  it('keeps what it is told to keep', () => {
    expect(escape('a\n\tb\r', '\n')).toBe('a\n\\tb\\x0d');
  });

  it('is broken between words, within 80 columns', () => {
    const lines = wrap('a word that is long '.repeat(20).trim(), 12).split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.filter((line, index) => line.length + (index === 0 ? 12 : 0) > WIDTH)).toEqual([]);
    expect(lines.slice(1).every((line) => /^ {12}\S/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe('a word that is long '.repeat(20).trim());
    expect(wrap('short', 4)).toBe('short');
  });

  it('is cut to a number of columns', () => {
    expect(cut('order.placed', 6)).toBe('order…');
    expect(cut('order', 5)).toBe('order');
  });
});
