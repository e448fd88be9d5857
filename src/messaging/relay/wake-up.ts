import { Inject, Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options.js';

export const WAKE_CHANNEL = 'outbox';
const NOTIFY_EVERY_MS = 5;

/**
 * Tells the relay that rows were committed: at once in this process, and by NOTIFY to another, at once too when the
 * last one ended 5 ms ago, and never more often. A lost signal costs a poll of the relay, never a row.
 */
@Injectable()
export class WakeUp {
  private readonly signals = new EventEmitter();
  private client?: pg.Client;
  private timer?: NodeJS.Timeout;
  private notifying = false;
  private notifiedAt = -Infinity;
  private again = false;
  private closed = false;

  constructor(@Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions) {}

  /** Rows were committed. */
  signal(): void {
    if (this.signals.emit('woken') || this.timer || this.closed) return;
    // What is committed while a NOTIFY is under way may have come too late for it.
    if (this.notifying) this.again = true;
    else if (performance.now() - this.notifiedAt >= NOTIFY_EVERY_MS) void this.notifyOnce();
    else this.timer = setTimeout(() => void this.notifyOnce(), this.notifiedAt + NOTIFY_EVERY_MS - performance.now());
  }

  /** Listens in this process; returns the way to stop. While someone listens, no NOTIFY is sent. */
  listen(woken: () => void): () => void {
    this.signals.on('woken', woken);
    return () => this.signals.off('woken', woken);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async notifyOnce(): Promise<void> {
    this.timer = undefined;
    this.notifying = true;
    await this.notify().catch(() => this.drop());
    this.notifying = false;
    this.notifiedAt = performance.now();
    if (!this.again) return;
    this.again = false;
    this.signal();
  }

  private async notify(): Promise<void> {
    if (!this.client) {
      const client = new pg.Client({ connectionString: this.options.databaseUrl, connectionTimeoutMillis: 5000 });
      client.on('error', () => this.drop());
      await client.connect();
      this.client = client;
      // A NOTIFY is a transaction that writes: on the disk it would be of use to nobody, and the relay would wait for it.
      await client.query('SET synchronous_commit = off');
    }
    await this.client.query(`NOTIFY ${WAKE_CHANNEL}`);
  }

  private drop(): void {
    const client = this.client;
    this.client = undefined;
    client?.end().catch(() => undefined);
  }
}
