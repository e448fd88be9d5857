/** Markup that is safe to insert as it stands. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | undefined | null | false | readonly Value[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
/** A number and its unit stay on one line. */
const together = (text: string) => text.replace(/(?<=\d) (?=(?:%|ms|s|min|kB|MB)(?![a-z]))|(?<=[≤≥]) /g, '\u00a0');

function markup(value: Value): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markup).join('');
  return escape(together(typeof value === 'string' ? value : `${value as number}`));
}

/** A template of markup: what is inserted is escaped unless it is markup itself; nothing is inserted for `false`. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(parts.reduce((text, part, i) => text + markup(values[i - 1]) + part));

/** Markup of others: charts, the style sheet. */
export const raw = (text: string): Html => new Html(text);
