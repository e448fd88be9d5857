import type { Fault, Observations, TopicRecord } from '../chaos/observations.js';
import type { MemoryDatabase } from './memory-database.js';
import type { MemoryKafka, StoredRecord } from './memory-kafka.js';
import type { OutsideWorld } from './outside-world.js';
import type { KeptLane } from './parts.js';
import type { OrderState } from './shop-model.js';

/** What a simulated shop has left behind, for the judge. */
export function observe(
  db: MemoryDatabase,
  kafka: MemoryKafka,
  world: OutsideWorld,
  told: Pick<Observations, 'orders' | 'cancels'>,
  faults: Fault[],
): Observations {
  const orders = db.all<OrderState>('orders/').map(([key, order]) => ({ id: key.split('/')[1]!, ...order }));
  const effects = (table: string) =>
    db.all<string>(`${table}/`).map(([key, state]) => ({ orderId: key.split(/[/#]/)[1]!, state }));
  const invoices = effects('invoices');
  const shipments = effects('shipments');
  const count = (state: string | undefined, over: string) => (state === over ? 2 : 1);
  return {
    users: [],
    ...told,
    kept: {
      users: [],
      orders: orders.map(({ id, status, confirmed }) => ({ id, userId: '', status, confirmed })),
      invoices,
      refunds: effects('refunds'),
      shipments,
      sales: effects('sales').map((sale) => ({ ...sale, state: sale.state })),
      contacts: [],
      registrations: [],
      mails: db.all<string>('mails/').map(([key, template]) => ({ subjectId: key.split('/')[1]!, template })),
    },
    ledger: world.ledger,
    records: [...kafka.logs].flatMap(([place, log]) => log.map((record) => recordOf(place, record))),
    aggregates: [
      ...orders.map(({ id, sequence }) => ({ topic: 'orders', id, sequence })),
      ...invoices.map(({ orderId, state }) => ({ topic: 'billing', id: orderId, sequence: count(state, 'refunded') })),
      ...shipments.map(({ orderId, state }) => ({
        topic: 'shipping',
        id: orderId,
        sequence: count(state, 'cancelled'),
      })),
    ],
    parked: db.all<KeptLane>('lane/').flatMap(([place, { rows, error }]) => {
      const [, subscriber, topic, key] = place.split('/') as [string, string, string, string];
      return rows.map(({ arrival }) => ({ subscriber, topic, key, eventId: arrival.eventId, error }));
    }),
    poisoned: [],
    faults,
    lanes: 16,
  };
}

function recordOf(place: string, { offset, key, headers }: StoredRecord): TopicRecord {
  const [topic, partition] = place.split('/') as [string, string];
  const text = (name: string) => headers[name]!.toString();
  return {
    topic,
    partition: Number(partition),
    offset: Number(offset),
    key: key.toString(),
    eventId: text('ce_id'),
    name: text('ce_type'),
    subject: text('ce_subject'),
    sequence: Number(text('ce_sequence')),
  };
}
