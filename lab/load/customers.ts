import type { PlannedOrder } from './arrivals.js';
import type { Recorder } from './recorder.js';
import type { Reply, ShopClient } from './shop-client.js';

/** The people who order in one block. */
export class Customers {
  private readonly ids: string[] = [];

  constructor(
    private readonly client: ShopClient,
    private readonly recorder: Recorder,
  ) {}

  /** Registers them, a few at a time. @throws Error when one of them is refused. */
  async register(count: number): Promise<void> {
    for (let from = 0; from < count; from += 4) {
      const numbers = Array.from({ length: Math.min(4, count - from) }, (_, index) => from + index);
      this.ids.push(...(await Promise.all(numbers.map((number) => this.registerOne(number)))));
    }
  }

  idOf(order: PlannedOrder): string {
    return this.ids[order.user]!;
  }

  /** Sends an order; `intendedMs` is when the schedule wanted it. Undefined: nobody knows what has become of it. */
  place(order: PlannedOrder, intendedMs?: number): Promise<Reply | undefined> {
    const { id, idem, total } = order;
    const body = {
      id,
      userId: this.idOf(order),
      lines: [{ sku: 'TEA-1', quantity: 1, unitPrice: total }],
      currency: 'EUR',
    };
    return this.recorder.ask(
      { f: 'place', key: id, idem, total, intendedMs },
      () => this.client.send('POST', '/orders', body, { 'idempotency-key': idem }),
      (reply) => String(reply.body.status),
    );
  }

  cancel(order: PlannedOrder): Promise<Reply | undefined> {
    return this.recorder.ask(
      { f: 'cancel', key: order.id },
      () => this.client.send('POST', `/orders/${order.id}/cancel`),
      (reply) => String(reply.body.status),
    );
  }

  read(order: PlannedOrder): Promise<Reply | undefined> {
    return this.recorder.ask(
      { f: 'read', key: order.id },
      () => this.client.send('GET', `/orders/${order.id}`),
      (reply) => String(reply.body.status),
    );
  }

  private async registerOne(number: number): Promise<string> {
    const email = `${this.recorder.block.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${number}@example.com`;
    const reply = await this.recorder.ask(
      { f: 'register', key: email },
      () => this.client.send('POST', '/users', { email, name: 'Ada Lovelace' }),
      ({ body }) => String(body.id),
    );
    if (reply?.status !== 201) throw new Error(`${email} could not register: ${reply?.status ?? 'no answer'}.`);
    return String(reply.body.id);
  }
}
