import { Injectable } from '@nestjs/common';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { toArrival, toHeaders, type Arrival } from '../record.js';
import type { Publisher } from '../relay/publisher.js';
import type { EventCatalogue } from '../event-catalogue.js';
import type { Intake } from '../inbox/intake.js';
import { LaneQueue } from './lane-queue.js';

interface Hearer {
  hears(row: OutboxRow): boolean;
  intake: Intake;
  /** How many of its batches may run at a time. */
  sideBySide: number;
  /** Until then its batches wait. */
  started: Promise<void>;
  /** Of this leadership. */
  queue?: LaneQueue;
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
  /** How many hearers have not finished a row. */
  private missing = new Map<string, number>();

  constructor(
    private readonly app: string,
    private readonly catalogue: EventCatalogue,
  ) {}

  /** A subscriber of this process hears from now on; what comes before it has started waits. */
  connect(hearer: Omit<Hearer, 'queue'>): void {
    this.hearers.push({ ...hearer });
  }

  async open(onAcknowledged: (seqs: string[]) => void, onFailed: (error: Error) => void): Promise<void> {
    this.leadership++;
    this.unknownTopics = new Set();
    this.acknowledge = onAcknowledged;
    this.fail = onFailed;
    this.missing = new Map();
    for (const hearer of this.hearers) hearer.queue = undefined;
  }

  accept(rows: readonly OutboxRow[]): void {
    for (const row of rows) this.missing.set(row.seq, this.hearers.filter((hearer) => hearer.hears(row)).length);
    const unheard = rows.filter((row) => this.missing.get(row.seq) === 0);
    for (const row of unheard) this.missing.delete(row.seq);
    for (const row of unheard) if (!this.catalogue.get(row.name)) this.unknownTopics.add(row.topic);
    const forNobody = unheard.filter((row) => this.catalogue.get(row.name)).map((row) => row.seq);
    if (forNobody.length > 0) this.acknowledge(forNobody);
    for (const hearer of this.hearers) {
      const heard = rows.filter((row) => hearer.hears(row));
      if (heard.length === 0) continue;
      hearer.queue ??= this.queueOf(hearer);
      hearer.queue.add(heard.map((row) => this.arrival(row)));
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
    await Promise.all(this.hearers.map(async ({ queue }) => queue?.close()));
  }

  private queueOf({ intake, sideBySide, started }: Hearer): LaneQueue {
    const { leadership } = this;
    const mayStart = () => this.leadership === leadership;
    const onFailed = (error: Error): void => {
      if (mayStart()) this.fail(error);
    };
    const queue = new LaneQueue((batch, { first, finished }) => {
      const done = (arrival: Arrival) => {
        this.finished(arrival);
        finished(arrival);
      };
      return intake.take(batch, { first, mayStart, finished: done }).catch(onFailed);
    }, sideBySide);
    started.then(() => mayStart() && queue.start()).catch(onFailed);
    return queue;
  }

  private finished({ record: { offset } }: Arrival): void {
    const left = this.missing.get(offset)! - 1;
    if (left > 0) return void this.missing.set(offset, left);
    this.missing.delete(offset);
    this.acknowledge([offset]);
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
