import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { OutageBrake } from '../inbox/outage-brake.js';
import { packHeaders, type Arrival } from '../record.js';

const LOOK_EVERY_MS = 2000;
/** A long table takes its time: no more than a twentieth of all time is spent on looking. */
const REST = 20;

/** What a parked delivery takes, as the table counts it. */
export const bytesOf = ({ record }: Arrival): number =>
  (record.value?.length ?? 0) + packHeaders(record.headers).length;

/** Tells the brake of one subscriber how much is parked, whichever process or person has parked or removed it. */
export class ParkedBytes {
  private readonly log: Logger;
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private wasFull = false;

  constructor(
    private readonly subscriber: string,
    private readonly db: DataSource,
    private readonly most: number,
    private readonly brake: OutageBrake,
  ) {
    this.log = new Logger(`subscriber:${subscriber}`);
  }

  start(): void {
    if (this.most < Infinity) void this.look();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const begun = performance.now();
    // PostgreSQL gone: the last reading stands, and nothing can be parked meanwhile.
    await this.read().catch(() => undefined);
    if (this.stopped) return;
    const tookMs = performance.now() - begun;
    this.timer = setTimeout(() => void this.look(), Math.max(LOOK_EVERY_MS, REST * tookMs)).unref();
  }

  private async read(): Promise<void> {
    const rows: { bytes: number }[] = await this.db.query(
      `SELECT COALESCE(sum(COALESCE(octet_length(value), 0) + octet_length(headers)), 0)::float8 AS bytes
       FROM parked WHERE subscriber = $1`,
      [this.subscriber],
    );
    this.brake.measured(rows[0]!.bytes);
    if (this.brake.full && !this.wasFull)
      this.log.warn(
        `${this.subscriber} has ${rows[0]!.bytes} bytes parked, and PARKED_MAX_BYTES is ${this.most}: arrivals wait until enough of them are redriven or deleted.`,
      );
    this.wasFull = this.brake.full;
  }
}
