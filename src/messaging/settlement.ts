import { Inject, Injectable } from '@nestjs/common';
import { CARRIER, type Carrier, type Lag } from './carrier.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { SubscriberRegistry } from './subscriber-registry.js';

/** What the outbox holds. */
export interface Backlog {
  rows: number;
  oldestSeconds: number | null;
}

interface Reading {
  /** Equal in two readings only when nothing was announced or delivered between them. */
  signature: string;
  missing: string[];
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
  async reading(): Promise<{ settled: boolean; missing: string[] }> {
    if (!this.carrier) return { settled: true, missing: [] };
    try {
      return await this.compareTwo();
    } catch (error) {
      return { settled: false, missing: [`what is left cannot be read: ${(error as Error).message}`] };
    }
  }

  private async compareTwo(): Promise<{ settled: boolean; missing: string[] }> {
    const first = await this.read();
    if (first.missing.length > 0) return { settled: false, missing: first.missing };
    const second = await this.read();
    if (second.missing.length > 0) return { settled: false, missing: second.missing };
    if (first.signature !== second.signature) return { settled: false, missing: ['events are still being announced'] };
    return { settled: true, missing: [] };
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

  private async read(): Promise<Reading> {
    const missing: string[] = [];
    // The order matters: what moves from the outbox to a lane or a topic must be seen in at least one of them.
    const [outbox] = await this.options.deliveries.query<[{ last: string; rows: number }]>(
      `SELECT (SELECT last_value FROM outbox_seq_seq) AS last, (SELECT count(*)::int FROM outbox) AS rows`,
    );
    if (outbox.rows > 0) missing.push(`${outbox.rows} outbox rows wait for the relay`);
    const progress = await this.carrier!.progress();
    for (const { subscriber, topic, lag } of await this.lags())
      if (lag > 0) missing.push(`${subscriber} is ${lag} behind in ${topic}`);
    const lanes: { subscriber: string; lanes: number; error: string }[] = await this.options.deliveries.query(
      `SELECT subscriber, count(*)::int AS lanes, max(error) AS error FROM parked_key
       WHERE due_at < 'infinity' OR lease_until > clock_timestamp() GROUP BY subscriber`,
    );
    for (const { subscriber, lanes: count, error } of lanes)
      missing.push(`${count} lanes of ${subscriber} will be retried (${error || 'queued'})`);
    return { signature: `${outbox.last} ${progress}`, missing };
  }
}
