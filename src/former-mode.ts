import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { needsKafka, type CommMode, type Config } from './config.js';
import { openDatabases } from './database/databases.js';
import { Admission } from './http/index.js';
import { Failure } from './messaging/index.js';
import { openShop, type ShopAdditions } from './open-shop.js';
import { RETIRED_SUBSCRIBERS } from './retired-subscribers.js';
import type { Shop } from './shop.js';

const LOOK_EVERY_MS = 50;
const SAY_EVERY_MS = 1000;
const MOST_LANES_LISTED = 10;

/** What another mode has left cannot be finished as things are. */
export class FormerModeUnfinished extends Failure {
  readonly code = 'former_mode_unfinished';
  readonly retryable = false;
}

export interface Finishing {
  additions?: ShopAdditions;
  /** Hears how much is left and what it waits for: when that has changed, at most once a second. */
  say?: (sentence: string) => void;
  /** Stops in good order; what is left stays where it is. */
  signal?: AbortSignal;
}

/**
 * Runs the former mode without its REST until nothing of it is left; requests are answered 503 `draining` meanwhile.
 * It waits for a broker or a provider that is away, and says so. Lanes that wait for a person are left as they are.
 */
export async function finishFormerMode(config: Config, former: CommMode, finishing: Finishing = {}): Promise<void> {
  if (needsKafka(former) && !config.KAFKA_BROKERS)
    throw new FormerModeUnfinished(
      `This database was last driven in COMM_MODE=${former}: set KAFKA_BROKERS and run npm run drain, which delivers what that mode has left.`,
    );
  const { additions = {}, say, signal } = finishing;
  const old: Config = {
    ...config,
    COMM_MODE: former,
    ROLES: ['api', 'relay', 'subscribers'],
    SUBSCRIBERS: undefined,
    SYNC_RETRIES: 0,
  };
  const drain = new Drain(former, say);
  const databases = await openDatabases(old, additions.entities);
  let shop: Shop | undefined;
  try {
    shop = await openShop(old, additions, databases, undefined, (app) => {
      app.get(Admission).refuse(() => `The shop is ${drain.sentence}: send the request again in a moment.`);
    });
    await Promise.race([drain.finish(shop, signal), shop.messaging.failed]);
  } finally {
    if (shop) await shop.close();
    else await databases.close();
  }
}

/** Counts down what is left. */
class Drain {
  private left?: number;
  private said = '';
  private saidAt = -Infinity;

  constructor(
    private readonly former: CommMode,
    private readonly say: (sentence: string) => void = () => undefined,
  ) {}

  /** `draining 12 deliveries of async` */
  get sentence(): string {
    const count = this.left === undefined ? 'the' : String(this.left);
    return `draining ${count} ${this.left === 1 ? 'delivery' : 'deliveries'} of ${this.former}`;
  }

  /** Resolves when nothing is left. @throws FormerModeUnfinished when the signal comes first. */
  async finish(shop: Shop, signal?: AbortSignal): Promise<void> {
    while (!(await this.look(shop))) {
      if (signal?.aborted)
        throw new FormerModeUnfinished(`Stopped while ${this.sentence}: nothing is lost, run npm run drain again.`);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** A broker or a database that is away cannot be asked; the shop waits for it, and so does this. */
  private async look(shop: Shop): Promise<boolean> {
    let settled = false;
    let [reason] = shop.messaging.state().waitingFor;
    try {
      const reading = await shop.reading();
      this.left = reading.left;
      ({ settled } = reading);
      reason ??= reading.missing[0];
    } catch (error) {
      reason ??= (error as Error).message;
    }
    const sentence = reason ? `${this.sentence} (${reason.replace(/\s+/g, ' ')})` : this.sentence;
    if (!settled && sentence !== this.said && performance.now() - this.saidAt >= SAY_EVERY_MS) {
      this.saidAt = performance.now();
      this.say((this.said = sentence));
    }
    return settled;
  }
}

/** @throws FormerModeUnfinished naming the lanes: a redrive after the change would charge an order cancelled meanwhile. */
export async function refuseWaitingLanes(db: DataSource, former: CommMode, additions: ShopAdditions = {}) {
  const lanes: { subscriber: string; id: string }[] = await db.query(
    `SELECT subscriber, min(id)::text AS id FROM parked WHERE subscriber <> ALL($1::text[])
     GROUP BY subscriber, topic, key ORDER BY min(id)`,
    [[...RETIRED_SUBSCRIBERS, ...(additions.retiredSubscribers ?? [])]],
  );
  if (lanes.length === 0) return;
  const listed = lanes.slice(0, MOST_LANES_LISTED).map(({ subscriber, id }) => `${id} of ${subscriber}`);
  const more = lanes.length > listed.length ? ` and ${lanes.length - listed.length} more` : '';
  throw new FormerModeUnfinished(
    `${lanes.length === 1 ? 'A lane waits' : `${lanes.length} lanes wait`} for a person (${listed.join(', ')}${more}): start in COMM_MODE=${former} and redrive or delete them with npm run parked, or accept them with npm run drain -- --leave-parked.`,
  );
}
