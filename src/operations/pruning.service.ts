import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { callsDirectly, CONFIG, type Config } from '../config.js';
import { Retention } from '../messaging/index.js';

const EVERY_MS = 3_600_000;

/** Forgets, once an hour, what is older than any repeat: marks of deliveries, and answers to Idempotency-Keys. */
@Injectable()
export class PruningService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(PruningService.name);
  private timer?: NodeJS.Timeout;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly retention: Retention,
    private readonly db: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.prune().catch((error: unknown) => this.log.warn(`Nothing was pruned this hour: ${String(error)}`));
    }, EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async prune(): Promise<void> {
    const ageMs = this.config.INBOX_RETENTION;
    if (!callsDirectly(this.config.COMM_MODE)) await this.retention.prune(ageMs);
    await this.db.query(
      `DELETE FROM idempotency_key WHERE created_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`,
      [ageMs],
    );
  }
}
