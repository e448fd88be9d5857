import { Inject, Injectable } from '@nestjs/common';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options.js';
import { SubscriberRegistry } from '../subscriber-registry.js';
import { Transactions } from '../transactions.js';

/** Forgets marks that no repeat can ask for any more. */
@Injectable()
export class Retention {
  private readonly transactions: Transactions;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly registry: SubscriberRegistry,
  ) {
    this.transactions = new Transactions(options.deliveries);
  }

  /**
   * Deletes the marks that are older than `ageMs`, and notes up to when in the same transaction: what was announced
   * before that and has no mark is parked, because whether it was applied cannot be known. Resolves to their number.
   */
  async prune(ageMs: number): Promise<number> {
    let pruned = 0;
    const subscribers = this.registry.all().map(({ name }) => name);
    for (const name of [...subscribers, ...(this.options.retiredSubscribers ?? [])])
      pruned += await this.transactions.run(async (tx) => {
        const [{ until }] = await tx.query<[{ until: string }]>(
          `INSERT INTO inbox_horizon AS h (subscriber, pruned_before)
           VALUES ($1, clock_timestamp() - $2::float8 * interval '1 millisecond')
           ON CONFLICT (subscriber) DO UPDATE SET pruned_before = greatest(h.pruned_before, excluded.pruned_before)
           RETURNING pruned_before::text AS until`,
          [name, ageMs],
        );
        const [, count] = await tx.query<[unknown, number]>(
          `DELETE FROM inbox WHERE subscriber = $1 AND marked_at < $2::timestamptz`,
          [name, until],
        );
        return count;
      });
    return pruned;
  }
}
