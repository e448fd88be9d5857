/** No line of a table is longer. */
export const WIDTH = 80;
const GAP = 2;
/** A column is not made narrower than this to give room to another. */
const NARROWEST = 8;

/** Control characters, unpaired surrogates and the marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
/** Shown by a terminal in two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Text from anywhere, harmless on a terminal: what is not printed is written as an escape. `keep` names exceptions. */
export const escape = (text: string, keep = ''): string =>
  text.replace(UNPRINTABLE, (found) => (keep.includes(found) ? found : escapeOf(found)));

function escapeOf(found: string): string {
  if (found === '\n') return '\\n';
  if (found === '\t') return '\\t';
  const code = found.codePointAt(0)!.toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}

const columnsOf = (text: string): number => [...text].reduce((sum, one) => sum + (WIDE.test(one) ? 2 : 1), 0);

/** At most `columns` wide; what is cut ends in an ellipsis. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1;
  for (const one of text) {
    used += columnsOf(one);
    if (used > columns) break;
    kept += one;
  }
  return `${kept}…`;
}

/** Rows under a header, at most 80 columns wide: the widest column gives way first. The last is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => escape(cell)))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => columnsOf(line[column]!))));
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1);
  while (total() > WIDTH) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) break;
    widths[widest]! -= 1;
  }
  const pad = (cell: string, column: number) => {
    const shown = cut(cell, widths[column]!);
    return column === widths.length - 1 ? shown : shown + ' '.repeat(widths[column]! - columnsOf(shown) + GAP);
  };
  return lines.map((line) => line.map(pad).join('').trimEnd()).join('\n');
}

/** Breaks text between words, so that no line of it is wider than 80 columns; all but the first are indented. */
export function wrap(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (lines.at(-1) !== '' && columnsOf(longer) > WIDTH - indent) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** `1 delivery`, `2 deliveries` */
export const count = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;
