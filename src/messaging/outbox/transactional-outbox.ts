import { Injectable } from '@nestjs/common';
import type { Tx } from '../effects.js';
import type { AnyEvent, EventData } from '../event.js';
import { WakeUp } from '../relay/wake-up.js';
import { afterCommit } from '../transactions.js';
import { announcement, Outbox } from './outbox.js';

/** Fails only with its transaction. No NOTIFY in it: that would take a lock over the whole cluster at each commit. */
@Injectable()
export class TransactionalOutbox extends Outbox {
  constructor(private readonly wakeUp: WakeUp) {
    super();
  }

  async add<E extends AnyEvent>(tx: Tx, event: E, data: EventData<E>): Promise<void> {
    const row = announcement(event, data);
    await tx.query(
      `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [row.eventId, event.name, event.version, event.topic, row.key, row.sequence, row.payload, row.headers],
    );
    afterCommit(tx, () => this.wakeUp.signal());
  }
}
