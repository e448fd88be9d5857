import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Order } from './order.entity.js';
import { orderView } from './order.view.js';
import { OrderNotFound } from './orders.errors.js';
import type { OrderPage, OrderQuery, OrdersOfUser, OrderView } from './orders.schemas.js';

const FIRST_LOOK_MS = 10;
const LONGEST_LOOK_MS = 200;

/** Reading orders. */
@Injectable()
export class OrderQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws OrderNotFound */
  async get(id: string): Promise<OrderView> {
    const order = await this.dataSource.manager.findOneBy(Order, { id });
    if (!order) throw new OrderNotFound(id);
    return orderView(order);
  }

  /** The order once its payment's outcome is known, or as it is after `limitMs`. Reads the row: any process may pay. */
  async afterPayment(id: string, limitMs: number): Promise<OrderView> {
    const end = Date.now() + limitMs;
    for (let look = FIRST_LOOK_MS; ; look = Math.min(LONGEST_LOOK_MS, look * 1.5)) {
      const order = await this.get(id);
      if (order.status !== 'placed' || Date.now() >= end) return order;
      await pause(Math.min(look, end - Date.now()));
    }
  }

  /** A page in the order of placing; `next` is null on the last. */
  async list(query: OrderQuery): Promise<OrderPage> {
    const page = this.dataSource.getRepository(Order).createQueryBuilder('o').orderBy('o.position').limit(query.limit);
    if (query.userId) page.andWhere('o.userId = :userId', query);
    if (query.status) page.andWhere('o.status = :status', query);
    if (query.after) page.andWhere('o.position > :after', query);
    const orders = await page.getMany();
    const last = orders.length === query.limit ? orders.at(-1) : undefined;
    return { orders: orders.map(orderView), next: last?.position ?? null };
  }

  /** The newest 50 orders of a user, the number of all, and what the paid ones come to. */
  async ofUser(userId: string): Promise<OrdersOfUser> {
    const orders = await this.dataSource.manager.find(Order, {
      where: { userId },
      order: { position: 'DESC' },
      take: 50,
    });
    const sums: { currency: string; amount: string; paid: boolean; count: string }[] = await this.dataSource.query(
      `SELECT currency, status IN ('confirmed', 'shipped') AS paid, sum(total) AS amount, count(*) AS count
       FROM orders WHERE user_id = $1 GROUP BY 1, 2 ORDER BY 1`,
      [userId],
    );
    return {
      orders: orders.map(orderView),
      count: sums.reduce((count, sum) => count + Number(sum.count), 0),
      spent: sums.filter((sum) => sum.paid).map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
    };
  }
}
