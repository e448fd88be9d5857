import { COLUMNS, type Column } from './finding.js';
import { judge } from './judge.js';
import type { Deed, Observations, TopicRecord } from './observations.js';

const USER = 'user-1';
let second = 0;
const deed = (kind: Deed['kind'], key: string, more: Partial<Deed> = {}): Deed => ({
  kind,
  key,
  at: ++second * 1000,
  repeat: false,
  ...more,
});

/** One user with an order that was shipped, one whose card was declined, and one that was cancelled when confirmed. */
function cleanHistory(): Observations {
  second = 0;
  const record = (topic: string, subject: string, sequence: number, name: string): TopicRecord => ({
    topic,
    partition: 0,
    offset: records.length,
    key: subject,
    eventId: `${topic}-${subject}-${sequence}`,
    name,
    subject,
    sequence,
  });
  const records: TopicRecord[] = [];
  const put = (topic: string, subject: string, ...names: string[]) =>
    names.forEach((name, index) => records.push(record(topic, subject, index + 1, name)));
  put('users', USER, 'user.registered');
  put('orders', 'shipped', 'order.placed', 'order.confirmed', 'order.shipped');
  put('orders', 'declined', 'order.placed', 'order.payment_declined');
  put('orders', 'cancelled', 'order.placed', 'order.confirmed', 'order.shipped', 'order.cancelled');
  put('billing', 'shipped', 'payment.captured');
  put('shipping', 'shipped', 'shipment.scheduled');
  const told = 'acknowledged' as const;
  const ids = ['shipped', 'declined', 'cancelled'];
  const mailsOf: Record<string, string[]> = {
    [USER]: ['welcome'],
    shipped: ['order_received', 'order_confirmed'],
    declined: ['order_received', 'payment_declined'],
    cancelled: ['order_received', 'order_confirmed', 'order_cancelled'],
  };
  const mails = Object.entries(mailsOf).flatMap(([subjectId, templates]) =>
    templates.map((template) => ({ subjectId, template })),
  );
  return {
    users: [{ id: USER, told, at: 0 }],
    orders: [...ids.map((id) => ({ id, told, at: 0 })), { id: 'never-kept', told: 'unknown', at: 0 }],
    cancels: [{ id: 'cancelled', told, at: 0 }],
    kept: {
      users: [USER],
      orders: [
        { id: 'shipped', userId: USER, status: 'shipped', confirmed: true },
        { id: 'declined', userId: USER, status: 'payment_declined', confirmed: false },
        { id: 'cancelled', userId: USER, status: 'cancelled', confirmed: true },
      ],
      invoices: [
        { orderId: 'shipped', state: 'captured' },
        { orderId: 'declined', state: 'declined' },
        { orderId: 'cancelled', state: 'refunded' },
      ],
      refunds: [{ orderId: 'cancelled' }],
      shipments: [
        { orderId: 'shipped', state: 'standing' },
        { orderId: 'cancelled', state: 'cancelled' },
      ],
      sales: [
        { orderId: 'shipped', state: 'confirmed' },
        { orderId: 'declined', state: 'payment_declined' },
        { orderId: 'cancelled', state: 'cancelled' },
      ],
      contacts: [USER],
      registrations: [USER],
      mails,
    },
    ledger: [
      ...ids.map((orderId) =>
        deed('charge', `charge:${orderId}`, { orderId, status: orderId === 'declined' ? 'declined' : 'captured' }),
      ),
      deed('booking', 'book:shipped', { orderId: 'shipped' }),
      deed('booking', 'book:cancelled', { orderId: 'cancelled' }),
      deed('refund', 'refund:cancelled', { orderId: 'cancelled' }),
      deed('unbooking', 'unbook:cancelled', { orderId: 'cancelled' }),
      ...mails.map(({ subjectId, template }) => deed('mail', `${template}.${subjectId}`)),
    ],
    records,
    aggregates: [
      { topic: 'users', id: USER, sequence: 1 },
      { topic: 'orders', id: 'shipped', sequence: 3 },
      { topic: 'orders', id: 'declined', sequence: 2 },
      { topic: 'orders', id: 'cancelled', sequence: 4 },
      { topic: 'billing', id: 'shipped', sequence: 1 },
      { topic: 'shipping', id: 'shipped', sequence: 1 },
    ],
    parked: [],
    poisoned: [],
    faults: [],
    lanes: 16,
  };
}

const repeated = (history: Observations, key: string, laterMs: number) => {
  const first = history.ledger.find((entry) => entry.key === key)!;
  history.ledger.push({ ...first, at: first.at + laterMs, repeat: true });
  return first.at;
};
const parkedPlaced = {
  subscriber: 'billing',
  topic: 'orders',
  key: 'shipped',
  eventId: 'orders-shipped-1',
  error: 'contract_broken',
};

const saysWhatHasNotHappened = ({ kept }: Observations) =>
  kept.mails.push({ subjectId: 'shipped', template: 'order_cancelled' });

/** What must turn exactly one column red: [column, what has happened, how]. */
const BAD: [Column, string, (history: Observations) => void][] = [
  ['lost', 'an order that was acknowledged is gone', (h) => h.orders.push({ id: 'gone', told: 'acknowledged', at: 0 })],
  ['lost', 'a user who was acknowledged is gone', (h) => h.users.push({ id: 'gone', told: 'acknowledged', at: 0 })],
  ['lost', 'a cancellation is gone', (h) => h.cancels.push({ id: 'shipped', told: 'acknowledged', at: 0 })],
  ['lost', 'an order never leaves its first state', (h) => (h.kept.orders[0]!.status = 'placed')],
  ['lost', 'an invoice is missing', (h) => h.kept.invoices.shift()],
  ['lost', 'an invoice was never refunded', (h) => (h.kept.invoices[2]!.state = 'captured')],
  ['lost', 'the provider was never asked for a charge', (h) => h.ledger.shift()],
  ['lost', 'a shipment is missing', (h) => h.kept.shipments.shift()],
  ['lost', 'a sale is missing', (h) => h.kept.sales.shift()],
  ['lost', 'a mail was never sent', (h) => (h.ledger = h.ledger.filter(({ key }) => key !== 'order_received.shipped'))],
  ['lost', 'a contact was never learnt', (h) => h.kept.contacts.pop()],
  ['lost', 'a registration was never counted', (h) => h.kept.registrations.pop()],
  ['lost', 'an event in the middle is not in its topic', (h) => h.records.splice(2, 1)],
  ['lost', 'the last event of an order is not in its topic', (h) => h.records.splice(3, 1)],
  ['lost', 'the only event of an aggregate is not in its topic', (h) => h.records.splice(0, 1)],
  ['twice', 'an order has two invoices', (h) => h.kept.invoices.push(h.kept.invoices[0]!)],
  ['twice', 'an order has two shipments', (h) => h.kept.shipments.push(h.kept.shipments[0]!)],
  ['twice', 'an order has two sales', (h) => h.kept.sales.push(h.kept.sales[0]!)],
  ['twice', 'a card was charged under two keys', (h) => h.ledger.push({ ...h.ledger[0]!, key: 'charge:other' })],
  ['twice', 'a parcel was booked under two keys', (h) => h.ledger.push({ ...h.ledger[3]!, key: 'book:other' })],
  ['twice', 'a registration was counted twice', (h) => h.kept.registrations.push(USER)],
  ['twice', 'a mail was sent again on a quiet day', (h) => void repeated(h, 'order_received.shipped', 1)],
  ['twice', 'a provider was called again on a quiet day', (h) => void repeated(h, 'charge:shipped', 1)],
  [
    'twice',
    'a mail was sent again, and the only fault was over long before',
    (h) => {
      const at = repeated(h, 'order_received.shipped', 60_000);
      h.faults.push({ id: 1, kind: 'kill', from: at - 9000, until: at - 8000, repeatsForMs: 500 });
    },
  ],
  [
    'twice',
    'a mail was sent again, and the only fault is one that repeats no handler',
    (h) => {
      const at = repeated(h, 'order_received.shipped', 10);
      h.faults.push({ id: 1, kind: 'rewind', from: at, until: at });
    },
  ],
  [
    'twice',
    'one fault would have to explain more mails than it has caught',
    (h) => {
      const at = repeated(h, 'order_received.shipped', 10);
      repeated(h, 'order_received.shipped', 20);
      h.faults.push({ id: 1, kind: 'kill', from: at, until: at + 5, repeatsForMs: 500 });
      h.lanes = 1;
    },
  ],
  [
    'twice',
    'a mail was sent again by a process that must have seen the mark of the first',
    (h) => {
      const at = repeated(h, 'order_received.shipped', 4000);
      h.ledger.at(-1)!.writtenAt = at + 5;
      h.faults.push({ id: 1, kind: 'kill', from: at + 8, until: at + 1000, repeatsForMs: 500 });
    },
  ],
  [
    'twice',
    'a mail was sent again, and the only fault met a process that sends none',
    (h) => {
      const at = repeated(h, 'order_received.shipped', 1000);
      h.faults.push({
        id: 1,
        kind: 'kill',
        from: at + 8,
        until: at + 900,
        repeatsForMs: 500,
        subscribers: ['billing'],
      });
    },
  ],
  [
    'outOfOrder',
    'two events of an order are swapped',
    (h) => {
      h.records[1]!.offset = 2;
      h.records[2]!.offset = 1;
    },
  ],
  ['outOfOrder', 'an event of an order is in another partition', (h) => (h.records[3]!.partition = 1)],
  ['outOfOrder', 'an event has a key that is not its order', (h) => (h.records[3]!.key = 'random')],
  ['ghost', 'an order that was refused is kept', (h) => (h.orders[0]!.told = 'refused')],
  ['ghost', 'there is an invoice without an order', (h) => h.kept.invoices.push({ orderId: 'x', state: 'captured' })],
  ['ghost', 'a card was charged without an order', (h) => h.ledger.push({ ...h.ledger[0]!, key: 'k', orderId: 'x' })],
  ['ghost', 'a parcel was booked for a declined card', (h) => h.kept.shipments.push({ orderId: 'declined' })],
  ['ghost', 'a mail speaks of an order that is not there', (h) => h.kept.mails.push({ subjectId: 'x', template: 'y' })],
  ['ghost', 'a mail says what has not happened', saysWhatHasNotHappened],
  ['ghost', 'a contact is a user who is not there', (h) => h.kept.contacts.push('nobody')],
  ['ghost', 'a topic tells what nobody has counted', (h) => (h.aggregates[1]!.sequence = 2)],
  ['lost', 'an unreadable record was dropped', (h) => h.poisoned.push('unreadable')],
  ['parked', 'a delivery waits for a person though nothing was poisoned', (h) => h.parked.push(parkedPlaced)],
];

describe('the judge', () => {
  it('finds nothing in a clean history', () => {
    const verdict = judge(cleanHistory());
    expect(verdict.findings).toEqual([]);
    expect(verdict.judged).toEqual({ users: 1, orders: 3, mails: 8, records: 12 });
  });

  it.each(BAD)('turns exactly %s red when %s', (column, _, spoil) => {
    const history = cleanHistory();
    spoil(history);
    const { counts } = judge(history);
    expect(COLUMNS.filter((name) => counts[name] > 0)).toEqual([column]);
  });

  it('has seen a bad history for each column', () => {
    expect(new Set(BAD.map(([column]) => column))).toEqual(new Set(COLUMNS));
  });

  it('counts records that stand in a topic once more, and allows them', () => {
    const history = cleanHistory();
    history.records.push({ ...history.records[1]!, offset: 99 });
    expect(judge(history)).toMatchObject({ findings: [], repeatedRecords: 1 });
  });

  it('matches a second mail with the fault between its sending and its commit', () => {
    const history = cleanHistory();
    const at = repeated(history, 'order_received.shipped', 3000);
    history.faults.push({ id: 7, kind: 'kill', from: at + 20, until: at + 1000, repeatsForMs: 500 });
    expect(judge(history)).toMatchObject({
      findings: [],
      excused: [{ kind: 'mail', key: 'order_received.shipped', fault: 7 }],
    });
  });

  it('lets a fault that strikes at any attempt explain more mails than it has lanes', () => {
    const history = cleanHistory();
    const at = repeated(history, 'order_received.shipped', 10);
    repeated(history, 'order_received.shipped', 20);
    history.lanes = 1;
    const caught = { id: 7, kind: 'throw', from: at, until: at + 5, repeatsForMs: 500 };
    history.faults.push({ ...caught, atAnyAttempt: true });
    expect(judge(history)).toMatchObject({ findings: [], excused: [{ fault: 7 }, { fault: 7 }] });
  });

  it('allows a second mail after the mark of the first where two owners were at it', () => {
    const history = cleanHistory();
    const at = repeated(history, 'order_received.shipped', 4000);
    history.ledger.at(-1)!.writtenAt = at + 5;
    history.faults.push({ id: 1, kind: 'stop', from: at - 8, until: at + 4000, repeatsForMs: 500, twoOwners: true });
    expect(judge(history).findings).toEqual([]);
  });

  it('asks nothing of a record that was made unreadable', () => {
    const history = cleanHistory();
    history.poisoned.push('unreadable');
    history.records.push({ ...history.records[1]!, eventId: 'unreadable', subject: 'unreadable', key: 'unreadable' });
    history.parked.push({ ...parkedPlaced, key: 'unreadable', eventId: 'unreadable' });
    expect(judge(history).findings).toEqual([]);
  });

  it('allows to be parked what was poisoned, and what stands behind it', () => {
    const history = cleanHistory();
    history.parked.push(parkedPlaced, { ...parkedPlaced, eventId: 'orders-shipped-2', error: '' });
    history.poisoned.push(parkedPlaced.eventId);
    expect(judge(history).findings).toEqual([]);
  });
});
