import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { failpoints, parseFailpoints, Relay, Settlement } from '../../src/messaging/index.js';
import { MESSAGING_OPTIONS } from '../../src/messaging/messaging-options.js';
import { PUBLISHER } from '../../src/messaging/relay/publisher.js';
import { WakeUp } from '../../src/messaging/relay/wake-up.js';
import { collect } from '../chaos/collector.js';
import type { Answer, Observations } from '../chaos/observations.js';
import { DECLINED_AMOUNT } from '../support/customer.js';
import { openShop, type TestShop } from '../support/shop.js';
import { readTopics } from '../support/topics.js';
import { until } from '../support/until.js';
import type { Failing, Step } from './commands.js';

const TOPICS = ['users', 'orders', 'billing', 'shipping', 'dead-letters'];
const EVERY_HANDLER = 'delivery.before-handler:throw';
const DIES_BEFORE_ITS_DELETE = 'relay.after-acknowledgement:throw@1';

/** An order of a sequence: the same in both designs, so that their final states can be compared. */
export interface PlannedOrder {
  id: string;
  user: number;
  declined: boolean;
}

/** A shop whose relay works only when a step says so; in `sync` there is none, and only what users do is left. */
export class SteppedShop {
  private readonly users: string[] = [];
  private readonly told: Pick<Observations, 'orders' | 'cancels'> = { orders: [], cancels: [] };
  private readonly failing = new Set<Failing>();
  private current?: Relay;

  private constructor(readonly shop: TestShop) {}

  static async open(mode: 'sync' | 'async'): Promise<SteppedShop> {
    const split = { ROLES: 'api,subscribers', CACHE: 'off', KAFKA_MAX_WAIT: '50ms' };
    const stepped = new SteppedShop(await openShop(mode, { env: mode === 'async' ? split : {} }));
    for (let user = 0; user < 2; user++) {
      const { id } = await stepped.shop.customer.register();
      stepped.users.push(id);
    }
    return stepped;
  }

  async close(): Promise<void> {
    failpoints.arm([]);
    await this.shop.close();
  }

  /** Does a step; `orders` are those that the sequence has placed so far. */
  async take(step: Step, orders: PlannedOrder[]): Promise<void> {
    switch (step.does) {
      case 'place':
        return this.place(orders.at(-1)!);
      case 'cancel':
        return orders.length > 0 ? this.cancel(orders[step.order % orders.length]!.id) : undefined;
      case 'fail':
        return this.fail(step.what);
      case 'recover':
        return this.recover(step.what);
      case 'relay':
        await this.relay.runOnce();
        return this.everythingTried();
      case 'relay dies':
        return this.relayDies();
      case 'deliver again':
        return this.deliverAgain(step.record);
      case 'swap':
        return this.swap(step.row);
    }
  }

  /** Heals all, and lets the relay work until nothing is left to do. */
  async settle(): Promise<void> {
    for (const what of [...this.failing]) await this.recover(what);
    await this.shop.rows(`UPDATE parked_key SET due_at = clock_timestamp() WHERE due_at < 'infinity'`);
    await until('the shop to be settled', async () => {
      await this.relay.runOnce();
      return (await this.shop.shop.reading()).settled;
    });
  }

  observe(): Promise<Observations> {
    const { env, standIns } = this.shop;
    const places = {
      databaseUrl: env.DATABASE_URL!,
      brokers: env.KAFKA_BROKERS!.split(','),
      ledgerUrl: standIns.mailboxUrl,
      topics: this.shop.mode === 'async' ? TOPICS : [],
      topicPrefix: env.TOPIC_PREFIX!,
    };
    return collect(places, { ...this.told, users: [], poisoned: [], faults: [], lanes: 0 });
  }

  private get relay(): Relay {
    const { app } = this.shop.shop;
    return (this.current ??= new Relay(app.get(MESSAGING_OPTIONS), app.get(PUBLISHER), app.get(WakeUp)));
  }

  private async place({ id, user, declined }: PlannedOrder): Promise<void> {
    const userId = this.users[user % this.users.length]!;
    const { status } = await this.shop.customer.order(userId, declined ? DECLINED_AMOUNT : 2500, {}, id);
    this.told.orders.push({ id, told: toldBy(status, 201), at: 0 });
  }

  private async cancel(id: string): Promise<void> {
    const { status } = await this.shop.customer.cancel(id);
    this.told.cancels.push({ id, told: toldBy(status, 200), at: 0 });
  }

  private async fail(what: Failing): Promise<void> {
    this.failing.add(what);
    if (what === 'handlers') this.arm();
    else await this.shop.ledger.behave(what, { mode: 'refuse' });
  }

  private async recover(what: Failing): Promise<void> {
    this.failing.delete(what);
    if (what === 'handlers') this.arm();
    else await this.shop.ledger.behave(what);
  }

  private async relayDies(): Promise<void> {
    this.arm(DIES_BEFORE_ITS_DELETE);
    // An empty outbox lets it live.
    await this.relay.runOnce().catch(() => undefined);
    // With it goes what it knew to be acknowledged: by those numbers it would delete rows that a swap has put there.
    this.current = undefined;
    this.arm();
    await this.everythingTried();
  }

  private arm(...more: string[]): void {
    const all = [...(this.failing.has('handlers') ? [EVERY_HANDLER] : []), ...more];
    failpoints.arm(all.length > 0 ? parseFailpoints(all.join(',')) : []);
  }

  /** A record comes once more, and stands in its topic once more. */
  private async deliverAgain(chosen: number): Promise<void> {
    const records = await readTopics(this.shop);
    if (records.length === 0) return;
    const { topic, partition, key, value, headers } = records[chosen % records.length]!;
    const kafka = new Kafka({ brokers: this.shop.env.KAFKA_BROKERS!.split(','), logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: this.shop.env.TOPIC_PREFIX! + topic, messages: [{ partition, key, value, headers }] });
    await producer.disconnect();
    await this.everythingTried();
  }

  /** Two rows that wait side by side change places, if they are of different keys. */
  private async swap(chosen: number): Promise<void> {
    const rows = await this.shop.rows<{ seq: string; lane: string }>(
      `SELECT seq, topic || '/' || key AS lane FROM outbox ORDER BY seq`,
    );
    if (rows.length < 2) return;
    const at = chosen % (rows.length - 1);
    const [one, other] = [rows[at]!, rows[at + 1]!];
    if (one.lane === other.lane) return;
    // By way of negative numbers: a statement does not see what it deletes itself.
    await this.renumber([one.seq, other.seq], `CASE WHEN seq = ${one.seq} THEN -${other.seq} ELSE -${one.seq} END`);
    await this.renumber([`-${one.seq}`, `-${other.seq}`], '-seq');
  }

  private async renumber(seqs: string[], to: string): Promise<void> {
    const rest = 'event_id, name, version, topic, key, sequence, payload, headers, announced_at';
    await this.shop.rows(
      `WITH gone AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]) RETURNING *)
       INSERT INTO outbox (seq, ${rest}) OVERRIDING SYSTEM VALUE SELECT ${to}, ${rest} FROM gone`,
      [seqs],
    );
  }

  /** Every record was brought to its subscribers: what failed is parked. */
  private everythingTried(): Promise<void> {
    const settlement = this.shop.shop.app.get(Settlement);
    return until('every record to have been tried', async () =>
      (await settlement.lags()).every(({ lag }) => lag === 0),
    );
  }
}

const toldBy = (status: number, good: number): Answer['told'] => (status === good ? 'acknowledged' : 'refused');
