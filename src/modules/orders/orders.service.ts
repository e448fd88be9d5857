import { Injectable } from '@nestjs/common';
import { sqlState, Transactions, v7, v8, type Tx } from '../../messaging/index.js';
import { idempotencyKeys } from './idempotency-keys.js';
import { OrderAnnouncer } from './order-announcer.js';
import { Order } from './order.entity.js';
import { orderData, transition } from './order.transition.js';
import { OrderExists, OrderNotCancellable, OrderNotFound, UserUnknown } from './orders.errors.js';
import { total, type OrderView, type PlaceOrder } from './orders.schemas.js';
import { orderView } from './order.view.js';

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const SCOPE = 'POST /orders';

/** What users start: placing and cancelling. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly transactions: Transactions,
    private readonly announcer: OrderAnnouncer,
  ) {}

  /**
   * Places an order. With an Idempotency-Key the same command gives the first answer again; without an id, the order's
   * id is derived from the key, so that a repeat after a rollback carries the same key to the payment provider.
   * @throws UserUnknown, OrderExists, RequestInProgress, IdempotencyKeyReused
   */
  place(command: PlaceOrder, idempotencyKey?: string): Promise<OrderView> {
    return this.transactions.run(async (tx) => {
      if (!idempotencyKey) return this.insert(tx, command.id ?? v7(), command);
      const orderId = command.id ?? v8([SCOPE, command.userId, idempotencyKey].join('\n'));
      const request = { scope: SCOPE, key: idempotencyKey, body: command, orderId };
      const first = await idempotencyKeys.claim<OrderView>(tx, request);
      if (first) return first;
      const answer = await this.insert(tx, orderId, command);
      await idempotencyKeys.keep(tx, request, 201, answer);
      return answer;
    });
  }

  /** Cancels an order; a second time gives the same answer. @throws OrderNotFound, OrderNotCancellable */
  cancel(id: string): Promise<OrderView> {
    return this.transactions.run(async (tx) => {
      const cancelled = await transition(tx, id, ['placed', 'confirmed', 'shipped'], 'cancelled', 'cancelledAt');
      if (cancelled) await this.announcer.cancelled(tx, cancelled);
      const order = await tx.findOneBy(Order, { id });
      if (!order) throw new OrderNotFound(id);
      if (order.status !== 'cancelled') throw new OrderNotCancellable(id, order.status);
      return orderView(order);
    });
  }

  private async insert(tx: Tx, id: string, command: PlaceOrder): Promise<OrderView> {
    const { userId, lines, currency } = command;
    const order = { id, userId, lines, currency, total: total(lines) };
    const inserted = await tx.insert(Order, order).catch((error: unknown) => {
      if (sqlState(error) === FOREIGN_KEY_VIOLATION) throw new UserUnknown(userId);
      if (sqlState(error) === UNIQUE_VIOLATION) throw new OrderExists(id);
      throw error;
    });
    const { placedAt, sequence } = inserted.generatedMaps[0] as Order;
    await this.announcer.placed(tx, orderData({ ...order, placedAt, sequence }));
    return orderView(await tx.findOneByOrFail(Order, { id }));
  }
}
