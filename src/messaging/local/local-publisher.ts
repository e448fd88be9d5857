import { Injectable } from '@nestjs/common';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { toArrival, toHeaders, type Arrival } from '../record.js';
import type { Publisher } from '../relay/publisher.js';
import type { EventCatalogue } from '../event-catalogue.js';
import type { Intake } from '../inbox/intake.js';

interface Hearer {
  hears(row: OutboxRow): boolean;
  intake: Intake;
  /** Until then its batches wait. */
  started: Promise<void>;
  /** Batches are taken one after another: the next must see which lanes the one before has parked. */
  tail: Promise<void>;
  /** In which leadership it last took a batch. */
  begunIn: number;
}

/**
 * From the outbox to the subscribers of this process, without a broker. A row is acknowledged when each hearer has its
 * mark or its parked row; an event that nobody hears at once; one that this release does not know and nobody can park
 * stays in the outbox, for the next release. There is no history.
 */
@Injectable()
export class LocalPublisher implements Publisher {
  private readonly hearers: Hearer[] = [];
  private acknowledge: (seqs: string[]) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;
  private leadership = 0;
  private unknownTopics = new Set<string>();

  constructor(
    private readonly app: string,
    private readonly catalogue: EventCatalogue,
  ) {}

  /** A subscriber of this process hears from now on; what comes before it has started waits. */
  connect(hears: Hearer['hears'], intake: Intake, started: Promise<void>): void {
    this.hearers.push({ hears, intake, started, tail: Promise.resolve(), begunIn: 0 });
  }

  async open(onAcknowledged: (seqs: string[]) => void, onFailed: (error: Error) => void): Promise<void> {
    this.leadership++;
    this.unknownTopics = new Set();
    this.acknowledge = onAcknowledged;
    this.fail = onFailed;
  }

  accept(rows: readonly OutboxRow[]): void {
    const missing = new Map<string, number>();
    for (const row of rows) missing.set(row.seq, this.hearers.filter((hearer) => hearer.hears(row)).length);
    const finished = (arrival: Arrival) => {
      const left = missing.get(arrival.record.offset)! - 1;
      missing.set(arrival.record.offset, left);
      if (left === 0) this.acknowledge([arrival.record.offset]);
    };
    const unheard = rows.filter((row) => missing.get(row.seq) === 0);
    for (const row of unheard) if (!this.catalogue.get(row.name)) this.unknownTopics.add(row.topic);
    const forNobody = unheard.filter((row) => this.catalogue.get(row.name)).map((row) => row.seq);
    if (forNobody.length > 0) this.acknowledge(forNobody);
    const leadership = this.leadership;
    for (const hearer of this.hearers) {
      const heard = rows.filter((row) => hearer.hears(row));
      if (heard.length === 0) continue;
      const first = hearer.begunIn !== leadership;
      hearer.begunIn = leadership;
      const control = { first, mayStart: () => this.leadership === leadership, finished };
      hearer.tail = hearer.tail
        .then(() => hearer.started)
        .then(() =>
          hearer.intake.take(
            heard.map((row) => this.arrival(row)),
            control,
          ),
        )
        .catch((error: Error) => this.fail(error));
    }
  }

  held(): string[] {
    return [...this.unknownTopics];
  }

  trouble(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    this.leadership++;
    await Promise.all(this.hearers.map((hearer) => hearer.tail));
  }

  private arrival(row: OutboxRow): Arrival {
    const headers = Object.fromEntries(Object.entries(toHeaders(row, this.app)).map(([n, v]) => [n, Buffer.from(v)]));
    const record = {
      topic: row.topic,
      partition: 0,
      offset: row.seq,
      key: Buffer.from(row.key),
      value: Buffer.from(row.payload),
      headers,
    };
    return toArrival(record, this.app, this.catalogue);
  }
}
