import { v8 } from '../../src/messaging/identifier.js';
import type { Delivery } from '../../src/messaging/delivery.js';
import type { Tx } from '../../src/messaging/effects.js';
import type { OutboxRow } from '../../src/messaging/outbox/outbox-row.js';
import type { SubscriberDeclaration } from '../../src/messaging/subscriber.js';
import { afterCommit } from '../../src/messaging/transactions.js';
import type { VirtualClock } from '../support/virtual-clock.js';
import { EVENTS, type OrderFact } from './events.js';
import type { Machine } from './machine.js';
import { memoryTx, type MemoryTx } from './memory-database.js';
import type { OutsideWorld } from './outside-world.js';

export interface OrderState {
  status: string;
  confirmed: boolean;
  sequence: number;
}

type Reaction = (fact: OrderFact, delivery: Delivery) => Promise<void>;

/**
 * The shop in small. Its effects are plain inserts without a guard of their own: only the inbox stands between a repeat
 * and a second row.
 */
export class ShopModel {
  constructor(
    private readonly machine: Machine,
    private readonly world: OutsideWorld,
    private readonly clock: VirtualClock,
    private readonly wake: () => void,
  ) {}

  /** What each subscriber does with each event. */
  readonly reactions: Record<string, Record<string, Reaction>> = {
    billing: {
      'order.placed': async (fact, delivery) => {
        const status = fact.declined ? 'declined' : 'captured';
        await this.world.call(this.machine, 'charge', fact.orderId, `charge:${fact.orderId}`, status);
        await delivery.once(async (tx) => {
          this.append(tx, `invoices/${fact.orderId}`, status);
          this.announce(tx, `payment.${status}`, { ...fact, sequence: 1 });
        });
      },
      'order.cancelled': async (fact, delivery) => {
        const { orderId } = fact;
        const charged = this.world.has('charge', `charge:${orderId}`) && !fact.declined;
        if (charged) await this.world.call(this.machine, 'refund', orderId, `refund:${orderId}`);
        await delivery.once(async (tx) => {
          if (!charged) return;
          this.append(tx, `refunds/${orderId}`, '');
          await this.change(tx, `invoices/${orderId}`, 'refunded');
          this.announce(tx, 'payment.refunded', { ...fact, sequence: 2 });
        });
      },
    },
    orders: {
      'payment.captured': (fact, delivery) => this.move(fact, delivery, 'placed', 'confirmed'),
      'payment.declined': (fact, delivery) => this.move(fact, delivery, 'placed', 'payment_declined'),
      'shipment.scheduled': (fact, delivery) => this.move(fact, delivery, 'confirmed', 'shipped'),
    },
    shipping: {
      'order.confirmed': async (fact, delivery) => {
        await this.world.call(this.machine, 'booking', fact.orderId, `book:${fact.orderId}`);
        await delivery.once(async (tx) => {
          this.append(tx, `shipments/${fact.orderId}`, 'standing');
          this.announce(tx, 'shipment.scheduled', { ...fact, sequence: 1 });
        });
      },
      'order.cancelled': async (fact, delivery) => {
        const { orderId } = fact;
        const booked = this.world.has('booking', `book:${orderId}`);
        if (booked) await this.world.call(this.machine, 'unbooking', orderId, `unbook:${orderId}`);
        await delivery.once(async (tx) => {
          if (!booked) return;
          await this.change(tx, `shipments/${orderId}`, 'cancelled');
          this.announce(tx, 'shipment.cancelled', { ...fact, sequence: 2 });
        });
      },
    },
    notifications: {
      'order.placed': (fact, delivery) => this.mail('order_received', fact, delivery),
      'order.confirmed': (fact, delivery) => this.mail('order_confirmed', fact, delivery),
      'order.payment_declined': (fact, delivery) => this.mail('payment_declined', fact, delivery),
      'order.cancelled': (fact, delivery) => this.mail('order_cancelled', fact, delivery),
    },
    analytics: {
      'order.placed': ({ orderId }, delivery) =>
        delivery.once(async (tx) => this.append(tx, `sales/${orderId}`, 'placed')),
      'order.confirmed': ({ orderId }, delivery) =>
        delivery.once((tx) => this.change(tx, `sales/${orderId}`, 'confirmed')),
      'order.payment_declined': ({ orderId }, delivery) =>
        delivery.once((tx) => this.change(tx, `sales/${orderId}`, 'payment_declined')),
      'order.cancelled': ({ orderId }, delivery) =>
        delivery.once((tx) => this.change(tx, `sales/${orderId}`, 'cancelled')),
    },
  };

  declarations(): SubscriberDeclaration[] {
    return Object.entries(this.reactions).map(([name, reactions]) => ({
      name,
      from: 'beginning',
      commit: name === 'analytics' ? 'batch' : 'each',
      events: new Map(EVENTS.filter((event) => event.name in reactions).map((event) => [event.name, event])),
    }));
  }

  /** What a user starts. False when the order is there already. */
  async place(tx: Tx, fact: OrderFact): Promise<boolean> {
    const order: OrderState = { status: 'placed', confirmed: false, sequence: 1 };
    if (!(await memoryTx(tx).insertOnce(`orders/${fact.orderId}`, order))) return false;
    this.announce(tx, 'order.placed', { ...fact, sequence: 1 });
    return true;
  }

  async cancel(tx: Tx, fact: OrderFact): Promise<boolean> {
    return this.transition(tx, fact, ['placed', 'confirmed', 'shipped'], 'cancelled');
  }

  private async move(fact: OrderFact, delivery: Delivery, from: string, to: string): Promise<void> {
    await delivery.once((tx) => this.transition(tx, fact, [from], to));
  }

  private async transition(tx: Tx, fact: OrderFact, from: string[], to: string): Promise<boolean> {
    const key = `orders/${fact.orderId}`;
    const order = await memoryTx(tx).take<OrderState>(key);
    if (!order || !from.includes(order.status)) return false;
    const sequence = order.sequence + 1;
    memoryTx(tx).put(key, { status: to, confirmed: order.confirmed || to === 'confirmed', sequence });
    this.announce(tx, `order.${to}`, { ...fact, sequence });
    return true;
  }

  private async mail(template: string, { orderId }: OrderFact, delivery: Delivery): Promise<void> {
    await delivery.stillMine();
    await this.world.call(this.machine, 'mail', orderId, `${template}.${orderId}`);
    await delivery.once(async (tx) => this.append(tx, `mails/${orderId}/${template}`, template));
  }

  /** A row of its own, however often it is asked for. */
  private append(tx: Tx, key: string, state: string): void {
    memoryTx(tx).put(`${key}#${memoryTx(tx).nextNumber()}`, state);
  }

  private async change(tx: Tx, key: string, state: string): Promise<void> {
    const rows = await memoryTx(tx).find(`${key}#`);
    for (const row of rows) memoryTx(tx).put(row, state);
  }

  private announce(tx: Tx, name: string, fact: OrderFact): void {
    const { topic } = EVENTS.find((event) => event.name === name)!;
    const memory: MemoryTx = memoryTx(tx);
    const seq = String(memory.nextNumber());
    const row: OutboxRow = {
      seq,
      eventId: v8(`event ${seq}`),
      name,
      version: '1',
      topic,
      key: fact.orderId,
      sequence: String(fact.sequence),
      payload: JSON.stringify(fact),
      headers: '{}',
      announcedAt: new Date(this.clock.now).toISOString(),
    };
    memory.put(`outbox/${seq}`, row);
    afterCommit(tx, this.wake);
  }
}
