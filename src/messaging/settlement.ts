import { Inject, Injectable } from '@nestjs/common';
import { CARRIER, type Carrier, type Lag } from './carrier.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { SubscriberRegistry } from './subscriber-registry.js';

/** What the outbox holds. */
export interface Backlog {
  rows: number;
  oldestSeconds: number | null;
}

/** What is still under way. */
export interface SettlementReading {
  settled: boolean;
  /** What was found, as sentences. */
  missing: string[];
  /** How many events and deliveries wait in outbox, topics and lanes; lanes that wait for a person do not count. */
  left: number;
}

interface Found {
  /** Equal in two readings only when nothing was announced or delivered between them. */
  signature: string;
  missing: string[];
  left: number;
}

/** Says whether everything that was announced has been delivered. */
@Injectable()
export class Settlement {
  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(CARRIER) private readonly carrier: Carrier | undefined,
    private readonly registry: SubscriberRegistry,
  ) {}

  /**
   * Settled: two equal readings in a row find no outbox row, no lag and no parked delivery that will still be retried.
   * `missing` says, in sentences, what a reading found. Requests in flight are the caller's to add.
   */
  async reading(): Promise<SettlementReading> {
    if (!this.carrier) return { settled: true, missing: [], left: 0 };
    try {
      return await this.compareTwo();
    } catch (error) {
      return { settled: false, missing: [`what is left cannot be read: ${(error as Error).message}`], left: 0 };
    }
  }

  private async compareTwo(): Promise<SettlementReading> {
    const first = await this.read();
    if (first.missing.length > 0) return { settled: false, ...first };
    const { signature, missing, left } = await this.read();
    if (missing.length > 0) return { settled: false, missing, left };
    if (first.signature !== signature) return { settled: false, missing: ['events are still being announced'], left };
    return { settled: true, missing, left };
  }

  async backlog(): Promise<Backlog> {
    const rows: { rows: string; age: string | null }[] = await this.options.deliveries.query(
      `SELECT count(*) AS rows, extract(epoch FROM clock_timestamp() - min(announced_at)) AS age FROM outbox`,
    );
    return { rows: Number(rows[0]!.rows), oldestSeconds: rows[0]!.age === null ? null : Number(rows[0]!.age) };
  }

  /** How far each subscriber is behind in each of its topics; empty in modes that call directly. */
  async lags(): Promise<(Lag & { from: string })[]> {
    if (!this.carrier) return [];
    const subscribers = this.registry.all();
    const from = new Map(subscribers.map((subscriber) => [subscriber.name, subscriber.from]));
    const lags = await this.carrier.lags(subscribers);
    return lags.map((lag) => ({ ...lag, from: from.get(lag.subscriber)! }));
  }

  private async read(): Promise<Found> {
    const missing: string[] = [];
    // The order matters: what moves from the outbox to a lane or a topic must be seen in at least one of them.
    const [outbox] = await this.options.deliveries.query<[{ last: string; rows: number }]>(
      `SELECT (SELECT last_value FROM outbox_seq_seq) AS last, (SELECT count(*)::int FROM outbox) AS rows`,
    );
    let left = outbox.rows;
    if (outbox.rows > 0) missing.push(`${outbox.rows} outbox rows wait for the relay`);
    const progress = await this.carrier!.progress();
    for (const { subscriber, topic, lag } of await this.lags()) {
      left += lag;
      if (lag > 0) missing.push(`${subscriber} is ${lag} behind in ${topic}`);
    }
    const lanes: { subscriber: string; lanes: number; depth: number; error: string }[] =
      await this.options.deliveries.query(
        `SELECT subscriber, count(*)::int AS lanes, sum(depth)::int AS depth, max(error) AS error FROM parked_key
         WHERE (due_at < 'infinity' OR lease_until > clock_timestamp()) AND subscriber <> ALL($1::text[])
         GROUP BY subscriber`,
        [this.options.retiredSubscribers ?? []],
      );
    const known = new Set(this.registry.all().map(({ name }) => name));
    for (const { subscriber, lanes: count, depth, error } of lanes) {
      left += depth;
      if (known.has(subscriber)) missing.push(`${count} lanes of ${subscriber} will be retried (${error || 'queued'})`);
      else missing.push(`${count} lanes are of ${subscriber}, which is no more: name it in retiredSubscribers`);
    }
    return { signature: `${outbox.last} ${progress}`, missing, left };
  }
}
