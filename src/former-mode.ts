import { callsDirectly, needsKafka, type CommMode, type Config } from './config.js';
import { openDatabases, type Databases } from './database/databases.js';
import { Admission } from './http/index.js';
import { Failure } from './messaging/index.js';
import { openShop, type ShopAdditions } from './open-shop.js';
import type { Shop } from './shop.js';

/** The longest time-out that Node knows. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** What another mode has left cannot be finished as things are. */
export class FormerModeUnfinished extends Failure {
  readonly code = 'former_mode_unfinished';
  readonly retryable = false;
}

/** Runs the former mode without its REST until nothing of it is left; requests are answered 503 `draining` meanwhile. */
export async function finishFormerMode(config: Config, former: CommMode, additions: ShopAdditions): Promise<void> {
  if (callsDirectly(former)) return;
  if (needsKafka(former) && !config.KAFKA_BROKERS)
    throw new FormerModeUnfinished(
      `This database was last driven in COMM_MODE=${former}: set KAFKA_BROKERS so that its events can be delivered first.`,
    );
  const old: Config = { ...config, COMM_MODE: former, ROLES: ['api', 'relay', 'subscribers'], SUBSCRIBERS: undefined };
  const databases = await openDatabases(old, additions.entities);
  let shop: Shop | undefined;
  try {
    shop = await openShop(old, additions, databases, undefined, (app) => {
      app.get(Admission).refuse(() => `The shop finishes what it has begun in COMM_MODE=${former}.`);
    });
    const running = shop;
    await Promise.race([running.settled(LONGEST_WAIT_MS), running.messaging.failed]);
    if (callsDirectly(config.COMM_MODE)) await refuseWaitingLanes(databases, former);
  } finally {
    if (shop) await shop.close();
    else await databases.close();
  }
}

/** A redrive after the change would charge an order that was cancelled meanwhile. */
async function refuseWaitingLanes(databases: Databases, former: CommMode): Promise<void> {
  const lanes: { subscriber: string; lanes: number }[] = await databases.api.query(
    `SELECT subscriber, count(*)::int AS lanes FROM parked_key GROUP BY 1 ORDER BY 1`,
  );
  if (lanes.length === 0) return;
  const list = lanes.map(({ subscriber, lanes: count }) => `${count} of ${subscriber}`).join(', ');
  throw new FormerModeUnfinished(
    `Deliveries wait for a person (${list}): start in COMM_MODE=${former} and redrive or delete them under /admin/parked.`,
  );
}
