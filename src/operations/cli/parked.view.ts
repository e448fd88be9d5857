import type { ParkedDelivery, ParkedRecord } from '../../messaging/index.js';
import { count, escape, table, wrap } from './text.js';

/** A payload is shown up to here; --json has all of it. */
const MOST_PAYLOAD = 8000;

const time = (at: string | Date): string => new Date(at).toISOString();
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const waitsFor = ({ dueAt }: ParkedDelivery): string => (dueAt === null ? 'a person' : `until ${time(dueAt)}`);
const eventOf = ({ name, version }: ParkedDelivery): string => (name ? `${name} v${version ?? '?'}` : 'unreadable');

/** The parked deliveries, the oldest first. */
export function listOf(deliveries: readonly ParkedDelivery[], limit: number): string {
  if (deliveries.length === 0) return 'Nothing is parked.';
  const shown = deliveries.slice(0, limit);
  const rows = shown.map((one) => [
    one.id,
    one.subscriber,
    one.name ?? '–',
    one.dueAt === null ? 'a person' : time(one.dueAt).slice(11, 19),
    String(one.attempts),
    String(one.behind),
    oneLine(one.error),
  ]);
  const header = ['ID', 'SUBSCRIBER', 'EVENT', 'WAITS FOR', 'TRIES', 'BEHIND', 'ERROR'];
  const persons = shown.filter(({ dueAt }) => dueAt === null).length;
  const more = deliveries.length > limit ? `These are the oldest; --limit shows more.\n` : '';
  const sum = `${count(shown.length, 'delivery', 'deliveries')}: ${persons} for a person, ${shown.length - persons} for a time (UTC).`;
  return `${table(header, rows)}\n\n${sum}\n${more}One of them: npm run parked -- show ID.`;
}

/** One parked delivery with its record. */
export function detailsOf(record: ParkedRecord): string {
  const fields: [string, string][] = [
    ['event', eventOf(record)],
    ['event id', record.eventId],
    ['subscriber', record.subscriber],
    ['lane', `${record.topic}, key ${record.key}`],
    ['record', `${record.topic}, partition ${record.partition}, offset ${record.offset}`],
    ['parked', `${time(record.parkedAt)}, ${count(record.attempts, 'attempt', 'attempts')} of its lane since`],
    ['waits for', waitsFor(record)],
    ['before it', record.before.length > 0 ? `${record.before.join(', ')}: they run first` : 'nothing'],
    [record.before.length > 0 ? `error of ${record.before[0]}` : 'error', oneLine(record.error) || 'none'],
  ];
  const width = Math.max(...fields.map(([name]) => name.length));
  return [
    `Parked delivery ${record.id}`,
    ...fields.map(([name, value]) => `  ${name.padEnd(width)}  ${wrap(escape(value), width + 4)}`),
    'Headers',
    ...Object.entries(record.headers).map(([name, value]) => `  ${escape(name)}: ${escape(value)}`),
    ...payloadOf(record),
  ].join('\n');
}

function payloadOf({ payload, payloadEncoding }: ParkedRecord): string[] {
  if (payload === null) return ['Payload: the record has none'];
  const bytes = Buffer.byteLength(payload, payloadEncoding);
  const what = payloadEncoding === 'base64' ? 'no UTF-8, as base64' : 'UTF-8';
  const text = pretty(payload);
  const rest = text.length > MOST_PAYLOAD ? [`  … ${text.length - MOST_PAYLOAD} characters more: --json has all`] : [];
  const lines = escape(text.slice(0, MOST_PAYLOAD), '\n').split('\n');
  return [`Payload (${count(bytes, 'byte', 'bytes')}, ${what})`, ...lines.map((line) => `  ${line}`), ...rest];
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** What a redrive has done. */
export function redrivenOf({ lanes, before = [] }: { lanes: number; before?: string[] }): string {
  if (lanes === 0) return 'No lane meets this: nothing was changed.';
  const first = before.length > 0 ? ` Before it run ${before.join(', ')}.` : '';
  return `${count(lanes, 'lane is', 'lanes are')} due now: the running shop tries again.${first}`;
}
