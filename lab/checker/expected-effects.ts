/**
 * What must follow from each event of the shop, declared by hand: who hears it, and which effects that has. A row is
 * named as in the view order_timeline, `mail.sent` with its template; what the outside world has done is named by its
 * deed. `sale <status>`: the analytics have noted it, or something later.
 */
export const HEARERS = {
  'user.registered': {
    contacts: ['contact'],
    notifications: ['mail welcome', 'mail.sent welcome'],
    analytics: ['registration'],
    cache: [],
  },
  'order.placed': {
    billing: ['charge', 'invoice.opened'],
    notifications: ['mail order_received', 'mail.sent order_received'],
    analytics: ['sale placed'],
    cache: [],
  },
  'payment.captured': { orders: ['order.confirmed'] },
  'payment.declined': { orders: ['order.payment_declined'] },
  'payment.refunded': {},
  'order.confirmed': {
    shipping: ['booking', 'shipment.scheduled'],
    notifications: ['mail order_confirmed', 'mail.sent order_confirmed'],
    analytics: ['sale confirmed'],
    cache: [],
  },
  'shipment.scheduled': { orders: ['order.shipped'] },
  'shipment.cancelled': {},
  'order.shipped': { cache: [] },
  'order.payment_declined': {
    notifications: ['mail payment_declined', 'mail.sent payment_declined'],
    analytics: ['sale payment_declined'],
    cache: [],
  },
  'order.cancelled': {
    billing: ['refund', 'payment.refunded'],
    shipping: ['unbooking', 'shipment.cancelled'],
    notifications: ['mail order_cancelled', 'mail.sent order_cancelled'],
    analytics: ['sale cancelled'],
    cache: [],
  },
} as const satisfies Record<string, Readonly<Record<string, readonly string[]>>>;

/** Which topic an event stands in; in each of them a key has one aggregate, which counts its events from 1. */
export const TOPICS = {
  users: ['user.registered'],
  orders: ['order.placed', 'order.confirmed', 'order.payment_declined', 'order.shipped', 'order.cancelled'],
  billing: ['payment.captured', 'payment.declined', 'payment.refunded'],
  shipping: ['shipment.scheduled', 'shipment.cancelled'],
} as const satisfies Record<string, readonly EventName[]>;

export type EventName = keyof typeof HEARERS;
export type Subscriber = { [E in EventName]: keyof (typeof HEARERS)[E] }[EventName];
export type Topic = keyof typeof TOPICS;

/** Who hears an event, with the effects of each. */
export const hearersOf = (event: EventName) => Object.entries(HEARERS[event]) as [Subscriber, readonly string[]][];

export const isEvent = (name: string): name is EventName => name in HEARERS;

export const topicOf = (event: EventName): Topic =>
  (Object.keys(TOPICS) as Topic[]).find((topic) => (TOPICS[topic] as readonly string[]).includes(event))!;

/** All subscribers of the shop; one that comes later, as in S12, has no part in the ledger of deliveries. */
export const SUBSCRIBERS: ReadonlySet<string> = new Set(
  (Object.keys(HEARERS) as EventName[]).flatMap((event) => Object.keys(HEARERS[event])),
);

/** What is known of an order, as far as it decides what must follow. */
export interface OrderFacts {
  status: string;
  sequence: number;
  /** The state of its invoice; undefined without one. */
  invoice?: string;
  shipment: boolean;
  /** What the provider has captured and the carrier has booked: a refund and an unbooking have something to undo. */
  charged: boolean;
  booked: boolean;
}

/** An event of an order that was committed, with its number among those of its aggregate. */
export interface CommittedEvent {
  name: EventName;
  sequence: number;
}

/**
 * The events of an order, read off its rows. A cancelled order counts on: 2 when it was cancelled at once, 3 when it had
 * been confirmed, 4 when it had been shipped.
 */
export function eventsOf(
  { status, sequence, invoice, shipment }: OrderFacts,
  shipmentCancelled: boolean,
): CommittedEvent[] {
  const before = status === 'cancelled' ? sequence - 1 : sequence;
  const events: CommittedEvent[] = [{ name: 'order.placed', sequence: 1 }];
  if (status === 'payment_declined') events.push({ name: 'order.payment_declined', sequence: 2 });
  else if (before >= 2) events.push({ name: 'order.confirmed', sequence: 2 });
  if (before >= 3) events.push({ name: 'order.shipped', sequence: 3 });
  if (status === 'cancelled') events.push({ name: 'order.cancelled', sequence });
  if (invoice) events.push({ name: invoice === 'declined' ? 'payment.declined' : 'payment.captured', sequence: 1 });
  if (invoice === 'refunded') events.push({ name: 'payment.refunded', sequence: 2 });
  if (shipment) events.push({ name: 'shipment.scheduled', sequence: 1 });
  if (shipmentCancelled) events.push({ name: 'shipment.cancelled', sequence: 2 });
  return events;
}

/** An effect that must be there, and the delivery that brings it. */
export interface ExpectedEffect {
  effect: string;
  event: EventName;
  sequence: number;
  subscriber: Subscriber;
}

/** Every effect that an order must have. What its stages have not reached is not expected: only the first step is lost. */
export function expectedEffects(facts: OrderFacts, events: readonly CommittedEvent[]): ExpectedEffect[] {
  const there = new Set<string>(events.map(({ name }) => name));
  const overtaken = (effect: string): boolean =>
    // A payment or a parcel for an order that was cancelled meanwhile changes nothing.
    (facts.status === 'cancelled' &&
      ['order.confirmed', 'order.shipped', 'order.payment_declined'].includes(effect) &&
      !there.has(effect)) ||
    (['refund', 'payment.refunded'].includes(effect) && !facts.charged) ||
    (['unbooking', 'shipment.cancelled'].includes(effect) && !facts.booked);
  return events.flatMap(({ name, sequence }) =>
    hearersOf(name).flatMap(([subscriber, effects]) =>
      effects.filter((effect) => !overtaken(effect)).map((effect) => ({ effect, event: name, sequence, subscriber })),
    ),
  );
}

/** The last order event that analytics hears: what a sale must have come to. */
export function foldOfSale(events: readonly CommittedEvent[]): { status: string; sequence: number } {
  const heard = events.filter(({ name }) => 'analytics' in HEARERS[name]).sort((a, b) => a.sequence - b.sequence);
  const last = heard.at(-1)!;
  return { status: last.name.slice('order.'.length), sequence: last.sequence };
}

/** Effects that only follow from an event; without it, nothing has allowed them. */
export const ONLY_AFTER: ReadonlyMap<string, EventName> = new Map(
  (['order.confirmed', 'order.payment_declined', 'order.cancelled'] as const).flatMap((event) =>
    hearersOf(event).flatMap(([, effects]) =>
      effects.filter((effect) => !effect.startsWith('sale ')).map((effect): [string, EventName] => [effect, event]),
    ),
  ),
);
