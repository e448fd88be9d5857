import type { Invoke, Outcome } from '../model/history.js';
import type { Deed, Observation, OrderRow, SaleRow } from '../model/observation.js';
import {
  eventsOf,
  type CommittedEvent,
  type ExpectedEffect,
  expectedEffects,
  hearersOf,
  type OrderFacts,
} from './expected-effects.js';
import { groupBy } from './groups.js';

/** All that is known about one order: what the client was told, what stands in the database, what was done outside. */
export interface Story {
  id: string;
  /** Undefined when the database has no such order. */
  row?: OrderRow;
  sale?: SaleRow;
  facts?: OrderFacts;
  events: readonly CommittedEvent[];
  expected: readonly ExpectedEffect[];
  /** When each effect was seen: more than one time of an effect is a duplicate. */
  seen: ReadonlyMap<string, readonly number[]>;
  deeds: readonly Deed[];
}

/** What the client did about one order and was told. */
export interface Asked {
  invokes: readonly Invoke[];
  outcomes: readonly Outcome[];
  /** One answer of 2xx makes it ok; only definite refusals make it a fail; all else nobody knows. */
  told: 'ok' | 'fail' | 'info';
}

/** Of a request by key; a repeat of it belongs to the same. */
export function askedOf(invokes: readonly Invoke[], outcomes: readonly Outcome[]): Asked {
  const answered = outcomes.filter(({ type }) => type !== 'info').length;
  const ok = outcomes.some(({ type }) => type === 'ok');
  const told = ok ? 'ok' : answered === invokes.length && answered > 0 ? 'fail' : 'info';
  return { invokes, outcomes, told };
}

/** Of what a deed or a mail is about. */
export const subjectOf = ({ kind, key, orderId }: Deed): string =>
  kind === 'mail' ? key.slice(key.indexOf('.') + 1) : (orderId ?? key.slice(key.indexOf(':') + 1));

const deedName = ({ kind, key }: Deed): string => (kind === 'mail' ? `mail ${key.slice(0, key.indexOf('.'))}` : kind);

/** The stories of these orders, and of what has effects of an order without being one. */
export function tellStories(ids: Iterable<string>, seen: Observation): Map<string, Story> {
  const index = {
    orders: new Map(seen.orders.map((order) => [order.id, order])),
    effects: groupBy(seen.effects, ({ orderId }) => orderId),
    deeds: groupBy(seen.ledger, subjectOf),
    sales: new Map(seen.sales.map((sale) => [sale.orderId, sale])),
    invoices: new Map(seen.invoices.map((invoice) => [invoice.orderId, invoice])),
  };
  return new Map([...new Set(ids)].map((id) => [id, tell(id, index)]));
}

interface Index {
  orders: ReadonlyMap<string, OrderRow>;
  effects: ReadonlyMap<string, Observation['effects']>;
  deeds: ReadonlyMap<string, Deed[]>;
  sales: ReadonlyMap<string, SaleRow>;
  invoices: ReadonlyMap<string, Observation['invoices'][number]>;
}

function tell(id: string, index: Index): Story {
  const [row, sale, deeds = []] = [index.orders.get(id), index.sales.get(id), index.deeds.get(id)];
  const rows = index.effects.get(id) ?? [];
  const seen = sightings(rows, deeds);
  if (!row) return { id, sale, events: [], expected: [], seen, deeds };
  const facts: OrderFacts = {
    status: row.status,
    sequence: row.sequence,
    invoice: index.invoices.get(id)?.status,
    shipment: rows.some(({ effect }) => effect === 'shipment.scheduled'),
    charged: deeds.some(({ kind, status }) => kind === 'charge' && status !== 'declined'),
    booked: deeds.some(({ kind }) => kind === 'booking'),
  };
  const events = eventsOf(
    facts,
    rows.some(({ effect }) => effect === 'shipment.cancelled'),
  );
  if (sale) noteSale(seen, sale, events);
  return { id, row, sale, facts, events, expected: expectedEffects(facts, events), seen, deeds };
}

/** A repeat of a provider's first answer is no second deed; a mail that comes once more is a second mail. */
function sightings(rows: Observation['effects'], deeds: readonly Deed[]): Map<string, number[]> {
  const seen = new Map<string, number[]>();
  const note = (effect: string, atMs: number) => seen.set(effect, [...(seen.get(effect) ?? []), atMs]);
  for (const { effect, detail, atMs } of rows) note(effect === 'mail.sent' ? `mail.sent ${detail}` : effect, atMs);
  for (const deed of deeds) if (deed.kind === 'mail' || !deed.repeat) note(deedName(deed), deed.atMs);
  return seen;
}

/** One row tells of several events: all up to the number that it has come to. */
function noteSale(seen: Map<string, number[]>, sale: SaleRow, events: readonly CommittedEvent[]): void {
  const first = seen.get('sale.recorded')?.[0] ?? sale.changedAtMs ?? 0;
  for (const { name, sequence } of events)
    if (sequence <= sale.sequence && hearersOf(name).some(([subscriber]) => subscriber === 'analytics'))
      seen.set(`sale ${name.slice('order.'.length)}`, [sequence === 1 ? first : (sale.changedAtMs ?? first)]);
}

/** What must follow from a registration; the names are those of the table of effects. */
export const registrationEffects = (): ExpectedEffect[] =>
  hearersOf('user.registered').flatMap(([subscriber, effects]) =>
    effects.map((effect) => ({ effect, event: 'user.registered' as const, sequence: 1, subscriber })),
  );
