import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  afterCommit,
  announcement,
  CARRIER,
  KafkaCarrier,
  Outbox,
  type AnyEvent,
  type EventData,
  type Tx,
} from '../../messaging/index.js';

/**
 * The negative control: the event goes to Kafka after the commit, acknowledged by the leader alone. A process that dies
 * in between, or a broker that is away, loses it without a trace.
 */
@Injectable()
export class DualWriteOutbox extends Outbox {
  private readonly log = new Logger('dual-write');

  constructor(@Inject(CARRIER) private readonly carrier: KafkaCarrier) {
    super();
  }

  add<E extends AnyEvent>(tx: Tx, event: E, data: EventData<E>): Promise<void> {
    const { eventId, key, sequence, payload, headers } = announcement(event, data);
    const announcedAt = new Date().toISOString();
    const row = { seq: '', eventId, name: event.name, version: String(event.version), topic: event.topic };
    afterCommit(tx, () =>
      this.carrier.sender
        .send({ ...row, key, sequence: String(sequence), payload, headers, announcedAt })
        .catch((error: unknown) => this.log.warn(`${event.name} is lost: ${String(error)}`)),
    );
    return Promise.resolve();
  }
}
