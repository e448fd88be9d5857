import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { failpoints } from '../failpoints.js';
import { Failure } from '../failure.js';
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
/** Another process may reach a broker that does not answer this one. */
const SILENT_MS = 30_000;
/** Whoever waits has taken the lead by then. */
const HANDOVER_MS = 3000;
const LOST = 'the connection to PostgreSQL was lost';

/** Read and delete in one round trip. NOT IN of an unnested array is hashed; `<> ALL` compares one by one. */
const READ = `WITH gone AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]))
SELECT "seq", "eventId", name, version, topic, key, sequence, payload, headers, "announcedAt" FROM (
  SELECT ${OUTBOX_COLUMNS}, sum(octet_length(payload) + octet_length(headers) + 300) OVER (ORDER BY seq) AS bytes
  FROM (SELECT * FROM outbox WHERE seq NOT IN (SELECT unnest($1::bigint[] || $2::bigint[])) AND topic <> ALL($3::text[])
        ORDER BY seq LIMIT ${BATCH_ROWS}) o) r
WHERE bytes <= ${BATCH_BYTES} ORDER BY r.seq`;

/** `runOnce` was called while another relay leads. */
export class RelayLedElsewhere extends Failure {
  readonly code = 'relay_led_elsewhere';
  readonly retryable = true;
}

/** Nothing was acknowledged for too long, and another process waits for the lead. */
class LeadPassedOn extends Error {}

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
  /** The topic of each row that was read and is not deleted. */
  private inFlight = new Map<string, string>();
  private leading = false;
  private lastError?: string;
  private failure?: Error;
  private lastAcknowledged = 0;

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

  /**
   * One pass, for tests and tools: leads, reads once, sends, waits until all of it is acknowledged, deletes it. Resolves
   * with the number of rows. Not to be used beside `start`.
   * @throws RelayLedElsewhere, or whatever has ended the pass: what was not deleted is sent again by the next one.
   */
  async runOnce(): Promise<number> {
    const sent = await this.whileLeading(async (leadership) => {
      const rows = await this.readAndDelete(leadership);
      await this.accept(rows);
      await this.allAcknowledged(rows, leadership);
      await this.deleteAcknowledged(leadership);
      return rows.length;
    });
    if (sent === undefined) throw new RelayLedElsewhere('Another process leads the relay: stop it first.');
    return sent;
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
        const pauseMs = Math.min(5000, 100 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random());
        await this.sleep(error instanceof LeadPassedOn ? HANDOVER_MS : pauseMs);
      }
    }
  }

  /** Leads until stopped or lost; false when another process leads. */
  private async leadOnce(): Promise<boolean> {
    const led = await this.whileLeading((leadership) => this.lead(leadership).then(() => true));
    return led ?? false;
  }

  /** Works with the leadership, for which the publisher is opened; undefined when another process leads. */
  private async whileLeading<T>(work: (leadership: Leadership) => Promise<T>): Promise<T | undefined> {
    const leadership = await Leadership.acquire(this.options.databaseUrl, () => this.wake());
    if (!leadership) return undefined;
    const stopListening = this.wakeUp.listen(() => this.wake());
    this.leading = true;
    this.lastError = undefined;
    this.inFlight = new Map();
    this.failure = undefined;
    try {
      await this.publisher.open(
        (seqs) => this.onAcknowledged(seqs),
        (error) => this.onFailed(error),
      );
      return await work(leadership);
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
      await this.passOnWhenSilent(leadership);
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const rows = await this.readAndDelete(leadership);
      if (rows.length > 0) {
        await this.accept(rows);
        idleMs = BUSY_POLL_MS;
      }
      if (this.stopping.signal.aborted) {
        lastPassEnds = Math.min(lastPassEnds, Date.now() + LAST_PASS_MS);
        const done = rows.length === 0 && this.inFlight.size === 0 && this.acknowledged.length === 0;
        if (done || Date.now() > lastPassEnds) return;
      }
      if (this.acknowledged.length > 0 || (rows.length > 0 && this.hasRoom())) continue;
      const timer = setTimeout(() => this.wake(), this.stopping.signal.aborted ? BUSY_POLL_MS : idleMs);
      await woken;
      clearTimeout(timer);
      idleMs = Math.min(IDLE_POLL_MS, idleMs * 2);
    }
    throw new Error(LOST);
  }

  /** A new leader begins with a new producer, which repeats records: only where there is something to win. */
  private async passOnWhenSilent(leadership: Leadership): Promise<void> {
    if (this.inFlight.size === 0) this.lastAcknowledged = Date.now();
    const silentMs = Date.now() - this.lastAcknowledged;
    if (silentMs > SILENT_MS && (await leadership.isAwaited()))
      throw new LeadPassedOn(
        `nothing was acknowledged for ${Math.round(silentMs / 1000)} s, and another process leads`,
      );
  }

  private async accept(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    await failpoints.reach('relay.after-read');
    for (const row of rows) this.inFlight.set(row.seq, row.topic);
    this.publisher.accept(rows);
  }

  private async allAcknowledged(rows: readonly OutboxRow[], leadership: Leadership): Promise<void> {
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      if (this.failure) throw this.failure;
      if (!leadership.holds) throw new Error(LOST);
      const done = new Set(this.acknowledged);
      if (rows.every(({ seq }) => done.has(seq))) return;
      await woken;
    }
  }

  private async readAndDelete(leadership: Leadership): Promise<OutboxRow[]> {
    const deleting = this.acknowledged;
    if (!this.hasRoom()) {
      await this.deleteAcknowledged(leadership);
      return [];
    }
    const rows = await leadership.rows('read', READ, [deleting, [...this.inFlight.keys()], this.publisher.held()]);
    await this.deleted(deleting);
    return rows.map(toRow);
  }

  /** True when another batch may be read. What a topic on hold has in flight must not keep the others waiting. */
  private hasRoom(): boolean {
    const held = this.publisher.held();
    const topics = [...this.inFlight.values()];
    const waiting = held.length > 0 ? topics.filter((topic) => !held.includes(topic)).length : topics.length;
    return waiting - this.acknowledged.length <= MOST_IN_FLIGHT - BATCH_ROWS;
  }

  private async deleteAcknowledged(leadership: Leadership): Promise<void> {
    const deleting = this.acknowledged;
    await leadership.rows('delete', `DELETE FROM outbox WHERE seq = ANY($1::bigint[])`, [deleting]);
    await this.deleted(deleting);
  }

  private async deleted(seqs: readonly string[]): Promise<void> {
    this.acknowledged = this.acknowledged.slice(seqs.length);
    for (const seq of seqs) this.inFlight.delete(seq);
    if (seqs.length > 0) await failpoints.reach('relay.after-delete');
  }

  private onAcknowledged(seqs: string[]): void {
    this.acknowledged = this.acknowledged.concat(seqs);
    this.lastAcknowledged = Date.now();
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
