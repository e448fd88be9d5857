import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Settlement } from '../messaging/index.js';
import { METRICS } from './metrics.js';
import { within } from './within.js';

/** A scrape waits ten seconds at most, and all gauges are read side by side. */
const LONGEST_READ = 2000;

/** What waits in outbox, topics and lanes. Read when scraped; a gauge that cannot be read has no value. */
@Injectable()
export class MessagingMetrics {
  private readonly failures: Counter;

  constructor(
    private readonly db: DataSource,
    private readonly settlement: Settlement,
    @Inject(METRICS) private readonly registry: Registry,
  ) {
    const help = 'Gauges that could not be read when they were scraped.';
    this.failures = new Counter({ name: 'shop_scrape_failures_total', help, registers: [registry] });
    const age = this.gauge('shop_outbox_oldest_seconds', 'Age of the oldest outbox row; 0 without one.');
    this.gauge('shop_outbox_rows', 'Events that wait for the relay.', [], async (rows) => {
      age.reset();
      const backlog = await this.settlement.backlog();
      age.set(backlog.oldestSeconds ?? 0);
      rows.set(backlog.rows);
    });
    this.gauge(
      'shop_subscriber_lag',
      'Events that a subscriber has not had.',
      ['subscriber', 'topic'],
      async (gauge) => {
        for (const { subscriber, topic, lag } of await this.settlement.lags()) gauge.set({ subscriber, topic }, lag);
      },
    );
    const parked = 'Parked deliveries, by what they wait for: their time, or a person.';
    this.gauge('shop_parked_deliveries', parked, ['subscriber', 'waits_for'], async (gauge) => {
      for (const { subscriber, waitsFor, depth } of await this.parked())
        gauge.set({ subscriber, waits_for: waitsFor }, depth);
    });
  }

  private gauge(name: string, help: string, labelNames: string[] = [], read?: (gauge: Gauge) => Promise<void>): Gauge {
    const { failures } = this;
    return new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(read && {
        async collect() {
          this.reset();
          await within(LONGEST_READ, read(this)).catch(() => {
            this.remove();
            failures.inc();
          });
        },
      }),
    });
  }

  private parked(): Promise<{ subscriber: string; waitsFor: string; depth: number }[]> {
    return this.db.query(
      `SELECT subscriber, CASE WHEN due_at = 'infinity' THEN 'person' ELSE 'time' END AS "waitsFor", sum(depth)::int AS depth
       FROM parked_key GROUP BY 1, 2`,
    );
  }
}
