import fc from 'fast-check';
import { ARM_NAMES, type ArmName } from '../model/arm.js';
import { checkBlock } from './check-block.js';
import { cleanStory, recordOf, type ShopStory, USER } from './fixtures/shop-story.js';
import { LADDER } from './loss-ladder.js';

const STEPS: readonly string[] = Object.values(LADDER);

type Removal = [what: string, remove: () => unknown];

/** Every effect that can be taken out of a story, one by one: a row of a table, or a deed of the outside world. */
function removals({ observation: o }: ShopStory): Removal[] {
  const orderRows = ['order.placed', 'order.cancelled', 'payment.captured', 'payment.declined', 'sale.recorded'];
  const rows = o.effects
    .filter(({ effect }) => !orderRows.includes(effect))
    .map((row): Removal => [
      `${row.effect} ${row.detail ?? ''} of ${row.orderId}`,
      () => o.effects.splice(o.effects.indexOf(row), 1),
    ]);
  const deeds = o.ledger
    .filter(({ kind }) => kind !== 'unbooking' && kind !== 'refund')
    .map((deed): Removal => [deed.key, () => o.ledger.splice(o.ledger.indexOf(deed), 1)]);
  const sales = o.sales.map((sale): Removal => [
    `sale of ${sale.orderId}`,
    () => o.sales.splice(o.sales.indexOf(sale), 1),
  ]);
  const users: Removal[] = [
    ['contact', () => o.contacts!.pop()],
    ['registration', () => o.registrations!.pop()],
  ];
  return [...rows, ...deeds, ...sales, ...users];
}

const lossesOf = (story: ShopStory) => {
  const verdict = checkBlock(story);
  return { verdict, losses: verdict.witnesses.filter(({ anomaly }) => anomaly === 'lost') };
};

/** Takes away all that billing has done about an order, as if the delivery had never been handled. */
function withoutBilling(story: ShopStory, id: string): void {
  const o = story.observation;
  if (o.records) withoutRecord(story, `billing-${id}-1`);
  withoutMark(story, 'orders', `billing-${id}-1`);
  const gone = ['invoice.opened', 'payment.captured'];
  o.effects = o.effects.filter(({ orderId, effect }) => orderId !== id || !gone.includes(effect));
  o.invoices = o.invoices.filter(({ orderId }) => orderId !== id);
  o.ledger = o.ledger.filter(({ kind, orderId }) => orderId !== id || kind !== 'charge');
}
const withoutMark = ({ observation: o }: ShopStory, subscriber: string, eventId: string) =>
  (o.inbox = o.inbox.filter((mark) => mark.subscriber !== subscriber || mark.eventId !== eventId));
const withoutRecord = ({ observation: o }: ShopStory, eventId: string) =>
  (o.records = o.records!.filter((record) => record.eventId !== eventId));
const withoutRow = ({ observation: o }: ShopStory, effect: string, id: string) =>
  (o.effects = o.effects.filter((row) => row.effect !== effect || row.orderId !== id));

describe('the loss ladder', () => {
  it('reports every single effect that is missing as lost, with the step on which it was lost', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ARM_NAMES), fc.nat(), (arm: ArmName, choice) => {
        const story = cleanStory(arm);
        const all = removals(story);
        const [what, remove] = all[choice % all.length]!;
        remove();
        const { verdict, losses } = lossesOf(story);
        if (!(verdict.anomalies.lost! > 0)) throw new Error(`${what} is missing in ${arm}, and nobody noticed.`);
        expect(verdict.checks.find(({ invariant }) => invariant === 'I2')!.verdict).toBe('FAIL');
        for (const { culprit } of losses) expect(STEPS).toContain(culprit);
        expect(losses[0]!.timeline.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, ArmName, (story: ShopStory) => void]>([
    [
      'before it reached its topic, though later events have',
      LADDER.notInTopic,
      'async',
      (s) => (withoutBilling(s, 'o-shipped'), withoutRecord(s, 'orders-o-shipped-1')),
    ],
    [
      'without a trace that it was announced',
      LADDER.notAnnounced,
      'async',
      (s) => {
        withoutBilling(s, 'o-shipped');
        for (const number of [1, 2, 3]) withoutRecord(s, `orders-o-shipped-${number}`);
      },
    ],
    [
      'between topic and inbox',
      LADDER.notInInbox,
      'async',
      (s) => (withoutBilling(s, 'o-shipped'), withoutMark(s, 'billing', 'orders-o-shipped-1')),
    ],
    ['behind its inbox mark', LADDER.noEffect, 'async', (s) => withoutBilling(s, 'o-shipped')],
    [
      'after the half of it that happened outside',
      LADDER.notVisible,
      'async',
      (s) => withoutRow(s, 'invoice.opened', 'o-shipped'),
    ],
    [
      'between commit and sending',
      LADDER.neverSent,
      'async-dual-write',
      (s) => (withoutBilling(s, 'o-shipped'), withoutRecord(s, 'orders-o-shipped-1')),
    ],
    [
      'by a handler without an inbox',
      LADDER.noEffectOfRecord,
      'async-dual-write',
      (s) => withoutBilling(s, 'o-shipped'),
    ],
    ['because nobody called', LADDER.notCalled, 'sync-after-commit', (s) => withoutBilling(s, 'o-shipped')],
    [
      'between the provider and the row',
      LADDER.rowMissing,
      'sync-after-commit',
      (s) => withoutRow(s, 'shipment.scheduled', 'o-shipped'),
    ],
    [
      'though its row says otherwise',
      LADDER.providerNotCalled,
      'sync',
      ({ observation: o }) => (o.ledger = o.ledger.filter(({ key }) => key !== 'booking:o-shipped')),
    ],
  ])('finds an effect that was lost %s', (_, culprit, arm, spoil) => {
    const story = cleanStory(arm);
    spoil(story);
    expect(new Set(lossesOf(story).losses.map((witness) => witness.culprit))).toEqual(new Set([culprit]));
  });

  it('begins at the order, when an acknowledged one has no row', () => {
    const story = cleanStory('async');
    story.observation.orders = story.observation.orders.filter(({ id }) => id !== 'o-too');
    const { losses } = lossesOf(story);
    expect(losses).toMatchObject([{ orderId: 'o-too', culprit: LADDER.noOrderRow }]);
  });

  it('calls nothing lost that waits in the outbox, in a topic or in a lane', () => {
    const inOutbox = cleanStory('async');
    withoutBilling(inOutbox, 'o-shipped');
    const { eventId, name, key, sequence } = recordOf(inOutbox, 'orders-o-shipped-1');
    inOutbox.observation.outbox.push({ eventId, name, key: key!, sequence });
    const inLane = cleanStory('async');
    withoutBilling(inLane, 'o-shipped');
    withoutMark(inLane, 'billing', 'orders-o-shipped-1');
    const lane = { subscriber: 'billing', topic: 'orders', key: 'o-shipped' };
    inLane.observation.parked.push({ ...lane, eventId, name, error: 'down' });
    const inTopic = cleanStory('async');
    withoutBilling(inTopic, 'o-shipped');
    withoutMark(inTopic, 'billing', 'orders-o-shipped-1');
    inTopic.observation.lag = 1;
    for (const story of [inOutbox, inLane, inTopic]) expect(lossesOf(story).verdict.anomalies).toEqual({ stuck: 1 });
  });

  it('counts one loss once, whatever number of invariants it breaks', () => {
    const story = cleanStory('async');
    withoutBilling(story, 'o-shipped');
    withoutRecord(story, 'orders-o-shipped-1');
    withoutMark(story, 'billing', 'orders-o-shipped-1');
    expect(lossesOf(story).verdict.anomalies.lost).toBe(2);
    withoutMark(story, 'cache', 'orders-o-shipped-3');
    expect(lossesOf(story).verdict.anomalies.lost).toBe(3);
  });

  it('shows up to three witnesses of each kind, each with its timeline in the order of time', () => {
    const story = cleanStory('async');
    const { observation: o } = story;
    o.effects = o.effects.filter(({ effect }) => effect !== 'invoice.opened');
    o.ledger.push({ ...o.ledger.find(({ orderId }) => orderId === 'o-too')!, key: 'again' });
    story.history.push({
      block: 'S0.1',
      f: 'fault',
      name: 'kill -9',
      type: 'start',
      atMs: o.orders[0]!.placedAtMs,
      evidence: 'pid 7 ended',
    });
    const { witnesses } = checkBlock(story);
    expect(witnesses.map(({ anomaly }) => anomaly)).toEqual(['lost', 'lost', 'lost', 'twice']);
    expect(new Set(witnesses.map(({ orderId }) => orderId)).size).toBe(4 - 1);
    const [{ timeline }] = witnesses as [(typeof witnesses)[number]];
    expect(timeline.map(({ atMs }) => atMs)).toEqual(timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    const said = timeline.map(({ where, what }) => `${where}: ${what}`);
    expect(said).toEqual(
      expect.arrayContaining([
        'client: order sent, 1 ms after its time',
        'client: order acknowledged 201 placed',
        'database: order.placed',
        'topic: order.placed (1) at orders/0/0',
        'inbox: order.placed is done for billing',
        'outside: charge captured',
        'fault: kill -9 begins (pid 7 ended)',
      ]),
    );
  });

  it('tells what happened to a user', () => {
    const story = cleanStory('async');
    story.observation.contacts = [];
    expect(lossesOf(story).losses).toMatchObject([{ orderId: USER, effect: 'contact', culprit: LADDER.noEffect }]);
  });
});
