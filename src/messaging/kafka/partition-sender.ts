import type { Message, Producer, RecordMetadata } from 'kafkajs';
import { failpoints } from '../failpoints.js';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { GatheredSendFailed, sendAlone, type GatheredSends } from './gathered-sends.js';
import type { Place } from './leaders.js';
import { remedyFor, rootOf } from './send-error.js';

/** The limit of a record batch on the broker is 1 MiB, for all its records together. */
const MOST_ARRAY_BYTES = 768 * 1024;
const LONGEST_PAUSE_MS = 10_000;

/** The producer of one leadership, shared by all its partitions. */
export interface SharedProducer {
  current(): Promise<Producer>;
  /** Replaces a producer that the broker will never accept again; a later one stays. */
  replace(broken: Producer): Promise<void>;
}

/**
 * Sends the rows of one partition, one array after another. An array that failed is kept as it is and sent again, alone,
 * until it is acknowledged: going on with other records after an error loses acknowledged data without a word. Only an
 * array that the broker refuses as too large is halved; a single record that it refuses holds the topic, for to go on
 * without it would let later events of its key overtake.
 */
export class PartitionSender {
  private readonly queue: OutboxRow[] = [];
  private sending = false;
  private stopped = false;
  private mostRows = Infinity;
  private failure?: { since: number; error: string; now: () => void };

  constructor(
    readonly topic: string,
    private readonly target: Place,
    private readonly producer: SharedProducer,
    private readonly gathered: GatheredSends,
    private readonly toMessage: (row: OutboxRow) => Message,
    private readonly onAcknowledged: (seqs: string[]) => void,
    private readonly onFailed: (error: Error) => void,
  ) {}

  /** For how long the current array has failed, in milliseconds; 0 while all is well. */
  get failingForMs(): number {
    return this.failure ? Date.now() - this.failure.since : 0;
  }

  get error(): string | undefined {
    return this.failure?.error;
  }

  push(row: OutboxRow): void {
    this.queue.push(row);
  }

  /** Begins to send what was pushed, unless it is sending already. */
  flush(): void {
    if (this.sending || this.stopped || this.queue.length === 0) return;
    this.sending = true;
    this.sendAll()
      .catch(this.onFailed)
      .finally(() => (this.sending = false));
  }

  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
    this.failure?.now();
  }

  private async sendAll(): Promise<void> {
    while (this.queue.length > 0 && !this.stopped) {
      const rows = this.nextArray();
      const outcome = await this.sendUntilAcknowledged(rows.map(this.toMessage));
      if (outcome === 'stopped') return;
      if (outcome === 'refused') {
        this.queue.unshift(...rows);
        this.mostRows = Math.ceil(rows.length / 2);
        continue;
      }
      this.mostRows *= 2;
      this.failure = undefined;
      await failpoints.reach('relay.after-acknowledgement');
      this.onAcknowledged(rows.map((row) => row.seq));
    }
  }

  private nextArray(): OutboxRow[] {
    let bytes = 0;
    let count = 0;
    for (const row of this.queue) {
      bytes += row.payload.length + row.headers.length + 300;
      if (count > 0 && (bytes > MOST_ARRAY_BYTES || count >= this.mostRows)) break;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async sendUntilAcknowledged(messages: Message[]): Promise<'acknowledged' | 'refused' | 'stopped'> {
    for (let tries = 0; !this.stopped; tries++) {
      let producer: Producer | undefined;
      try {
        producer = await this.producer.current();
        const sent = this.failure
          ? sendAlone(producer, this.target, messages)
          : this.gathered.send(producer, this.target, messages);
        await Promise.all([sent, failpoints.reach('relay.after-send')]);
        if (this.isIn(await sent)) return 'acknowledged';
        throw new Error('The broker did not acknowledge the partition.');
      } catch (error) {
        this.failure ??= { since: Date.now(), error: '', now: () => undefined };
        this.failure.error = rootOf(error).message;
        if (error instanceof GatheredSendFailed) continue;
        const remedy = remedyFor(error);
        if (producer && (remedy === 'new-producer' || remedy === 'refused-record'))
          await this.producer.replace(producer);
        if (remedy === 'refused-record' && messages.length > 1) return 'refused';
        await this.pause(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(tries, 8)) * (0.5 + Math.random() / 2));
      }
    }
    return 'stopped';
  }

  private isIn(answer: readonly RecordMetadata[]): boolean {
    const { topic, partition } = this.target;
    return answer.some((part) => part.topicName === topic && part.partition === partition && part.errorCode === 0);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.failure || this.stopped) return resolve();
      const timer = setTimeout(resolve, ms);
      this.failure.now = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
