import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { failpoints } from '../failpoints.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options.js';
import { OUTBOX_COLUMNS, type OutboxRow } from '../outbox/outbox-row.js';
import { Leadership } from './leadership.js';
import { PUBLISHER, type Publisher } from './publisher.js';
import { WakeUp } from './wake-up.js';

const BATCH_ROWS = 2000;
const BATCH_BYTES = 4_194_304;
/** Two batches in flight: the next is read while one is sent (1.4 times the throughput; more gives nothing). */
const MOST_IN_FLIGHT = 2 * BATCH_ROWS;
const BUSY_POLL_MS = 20;
const IDLE_POLL_MS = 1000;
const LAST_PASS_MS = 5000;

/** Read and delete in one round trip. NOT IN of an unnested array is hashed; `<> ALL` compares one by one. */
const READ = `WITH gone AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]))
SELECT "seq", "eventId", name, version, topic, key, sequence, payload, headers, "announcedAt" FROM (
  SELECT ${OUTBOX_COLUMNS}, sum(octet_length(payload) + octet_length(headers) + 300) OVER (ORDER BY seq) AS bytes
  FROM (SELECT * FROM outbox WHERE seq NOT IN (SELECT unnest($1::bigint[] || $2::bigint[])) AND topic <> ALL($3::text[])
        ORDER BY seq LIMIT ${BATCH_ROWS}) o) r
WHERE bytes <= ${BATCH_BYTES} ORDER BY r.seq`;

/**
 * Moves outbox rows to the carrier, in order for each key. One process leads; two would only repeat records.
 *
 * PostgreSQL gone: the leadership ends, rows that were sent and not deleted are sent again, and inboxes skip them.
 * The carrier gone: rows wait in the outbox. Killed at any point: the next leader begins with what is in the outbox.
 */
@Injectable()
export class Relay {
  private readonly log = new Logger(Relay.name);
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private acknowledged: string[] = [];
  private inFlight = new Set<string>();
  private leading = false;
  private lastError?: string;
  private failure?: Error;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    private readonly wakeUp: WakeUp,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Sends what is committed already, for at most 5 s, and gives the leadership up. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
  }

  /** Why rows wait, as a sentence; undefined when they do not. */
  get trouble(): string | undefined {
    return this.lastError ?? (this.leading ? this.publisher.trouble() : undefined);
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      try {
        const led = await this.leadOnce();
        failures = led ? 0 : failures;
        this.lastError = undefined;
        if (!led) await this.sleep(IDLE_POLL_MS * (0.5 + Math.random()));
      } catch (error) {
        this.lastError = `the relay waits: ${(error as Error).message}`;
        if (failures++ === 0) this.log.warn(this.lastError);
        await this.sleep(Math.min(5000, 100 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random()));
      }
    }
  }

  /** Leads until stopped or lost; false when another process leads. */
  private async leadOnce(): Promise<boolean> {
    const leadership = await Leadership.acquire(this.options.databaseUrl, () => this.wake());
    if (!leadership) return false;
    const stopListening = this.wakeUp.listen(() => this.wake());
    this.leading = true;
    this.lastError = undefined;
    this.inFlight = new Set();
    this.failure = undefined;
    try {
      await this.publisher.open(
        (seqs) => this.onAcknowledged(seqs),
        (error) => this.onFailed(error),
      );
      await this.lead(leadership);
      return true;
    } finally {
      this.leading = false;
      stopListening();
      await this.publisher.close();
      await leadership.end();
    }
  }

  private async lead(leadership: Leadership): Promise<void> {
    let idleMs = BUSY_POLL_MS;
    let lastPassEnds = Infinity;
    while (leadership.holds) {
      if (this.failure) throw this.failure;
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const rows = await this.readAndDelete(leadership);
      if (rows.length > 0) {
        await failpoints.reach('relay.after-read');
        idleMs = BUSY_POLL_MS;
        for (const row of rows) this.inFlight.add(row.seq);
        this.publisher.accept(rows);
      }
      if (this.stopping.signal.aborted) {
        lastPassEnds = Math.min(lastPassEnds, Date.now() + LAST_PASS_MS);
        const done = rows.length === 0 && this.inFlight.size === 0 && this.acknowledged.length === 0;
        if (done || Date.now() > lastPassEnds) return;
      }
      if (this.acknowledged.length > 0 || (rows.length > 0 && this.inFlight.size < MOST_IN_FLIGHT)) continue;
      const timer = setTimeout(() => this.wake(), this.stopping.signal.aborted ? BUSY_POLL_MS : idleMs);
      await woken;
      clearTimeout(timer);
      idleMs = Math.min(IDLE_POLL_MS, idleMs * 2);
    }
    throw new Error('the connection to PostgreSQL was lost');
  }

  private async readAndDelete(leadership: Leadership): Promise<OutboxRow[]> {
    const deleting = this.acknowledged;
    const full = this.inFlight.size - deleting.length >= MOST_IN_FLIGHT;
    const rows = full
      ? await leadership.rows('delete', `DELETE FROM outbox WHERE seq = ANY($1::bigint[])`, [deleting])
      : await leadership.rows('read', READ, [deleting, [...this.inFlight], this.publisher.held()]);
    this.acknowledged = this.acknowledged.slice(deleting.length);
    for (const seq of deleting) this.inFlight.delete(seq);
    if (deleting.length > 0) await failpoints.reach('relay.after-delete');
    return rows.map(toRow);
  }

  private onAcknowledged(seqs: string[]): void {
    this.acknowledged = this.acknowledged.concat(seqs);
    this.wake();
  }

  private onFailed(error: Error): void {
    this.failure = error;
    this.wake();
  }

  private async sleep(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function toRow(columns: string[]): OutboxRow {
  const [seq, eventId, name, version, topic, key, sequence, payload, headers, announcedAt] = columns as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { seq, eventId, name, version, topic, key, sequence, payload, headers, announcedAt };
}
