import { randomUUID } from 'node:crypto';
import type { TestShop } from './shop.js';

/** An answer that was no 201. */
export interface Refusal {
  status: number;
  code: unknown;
  type: string | null;
}

/** Customers who order one thing after another, each repeated under its Idempotency-Key until it is acknowledged. */
export class Load {
  /** The ids of the orders that were acknowledged. */
  readonly acknowledged: string[] = [];
  readonly refusals: Refusal[] = [];
  private stopping = false;
  private readonly customers: Promise<void>[];

  constructor(
    private readonly shop: TestShop,
    userIds: string[],
  ) {
    this.customers = userIds.map((userId) => this.shopping(userId));
  }

  /** Resolves when every order that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.customers);
  }

  private async shopping(userId: string): Promise<void> {
    while (!this.stopping) this.acknowledged.push(await this.orderUntilTaken(userId, randomUUID()));
  }

  private async orderUntilTaken(userId: string, key: string): Promise<string> {
    for (;;) {
      const { status, headers, body } = await this.shop.customer.order(userId, 2500, { 'idempotency-key': key });
      if (status === 201) return body.id;
      const { code } = body as unknown as { code: unknown };
      this.refusals.push({ status, code, type: headers.get('content-type') });
    }
  }
}
