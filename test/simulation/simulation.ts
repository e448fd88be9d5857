import { v8 } from '../../src/messaging/identifier.js';
import type { Fault, Observations } from '../chaos/observations.js';
import { Random } from '../chaos/random.js';
import { VirtualClock } from '../support/virtual-clock.js';
import type { OrderFact } from './events.js';
import { Machine } from './machine.js';
import { MemoryDatabase } from './memory-database.js';
import { MemoryKafka } from './memory-kafka.js';
import type { Naivety } from './naive.js';
import { observe } from './observe.js';
import { OutsideWorld } from './outside-world.js';
import { RelaySession } from './relay-session.js';
import { ShopProcess } from './shop-process.js';
import { leadAt } from './virtual-leadership.js';

const PARTITIONS = 2;
const PROCESSES = 2;
const ORDERS = 2;
const STORM_MS = 8_000;
/** A lane that failed often is due again after at most a minute; a session or a lease is given up before. */
const SETTLED_MS = 600_000;
const CLIENT_PATIENCE_MS = 4000;
/** For how long after its heal a fault may still make a handler run twice. */
const OVERLAP_MS = 30_000;

export interface Plan {
  seed: number;
  naive?: Naivety;
  /** Two relays may lead at the same time. */
  manyLeaders?: boolean;
}

type Deed = (holdMs: number) => void;

/** One schedule: orders, and faults between them, in virtual time. The same plan gives the same history. */
export class Simulation {
  readonly clock = new VirtualClock();
  private readonly random: Random;
  private readonly db = new MemoryDatabase(this.clock);
  private readonly kafka: MemoryKafka;
  private readonly world: OutsideWorld;
  private readonly leaders = new Set<object>();
  private readonly processes: ShopProcess[] = [];
  private readonly faults: Fault[] = [];
  private readonly told: Pick<Observations, 'orders' | 'cancels'> = { orders: [], cancels: [] };
  private busy = 0;
  private looks = 0;
  private started = 0;

  constructor(private readonly plan: Plan) {
    this.random = new Random(plan.seed);
    const scatters = plan.naive === 'lets chance choose the partition';
    this.kafka = new MemoryKafka(this.clock, this.random.fork(), PARTITIONS, scatters);
    this.world = new OutsideWorld(this.clock, this.random.fork());
  }

  /** Resolves with what there is to judge when all is settled, or when its time is up. */
  async run(): Promise<Observations> {
    const draw = this.random.fork();
    this.clock.install(() => draw.next());
    try {
      for (let index = 0; index < PROCESSES; index++) this.boot(index);
      for (let order = 0; order < ORDERS; order++) this.sellLater(order);
      for (let faults = this.random.whole(1, 4); faults > 0; faults--) this.disturbLater();
      await this.clock.run(() => this.busy === 0 && this.looksSettled(), SETTLED_MS);
      return observe(this.db, this.kafka, this.world, this.told, this.faults);
    } finally {
      this.clock.uninstall();
    }
  }

  private boot(index: number): void {
    const machine = new Machine(`machine-${this.plan.seed}-${++this.started}`, this.clock, this.random.fork());
    const { naive, manyLeaders } = this.plan;
    const alone = !manyLeaders && naive !== 'shares the outbox among several relays';
    leadAt(machine.name, (woken) => RelaySession.acquire(machine, this.db, this.leaders, alone, woken, naive));
    const { db, kafka, world } = this;
    const process = new ShopProcess(machine, { db, kafka, world, naive });
    this.processes[index] = process;
    process.start();
  }

  /** A client orders, and perhaps cancels; it asks again until it knows. */
  private sellLater(index: number): void {
    const fact = { orderId: v8(`order ${this.plan.seed} ${index}`), declined: this.random.chance(0.15), sequence: 1 };
    const cancels = !fact.declined && this.random.chance(0.4);
    const thinksMs = this.random.whole(0, 4000);
    this.busy++;
    this.clock.after(this.random.whole(0, STORM_MS), () => {
      void this.sell(fact, cancels, thinksMs).finally(() => this.busy--);
    });
  }

  private async sell(fact: OrderFact, cancels: boolean, thinksMs: number): Promise<void> {
    const { orderId: id } = fact;
    const at = this.clock.now;
    await this.insist((process) => process.place(fact));
    this.told.orders.push({ id, told: 'acknowledged', at });
    if (!cancels) return;
    await this.clock.sleep(thinksMs);
    await this.insist((process) => process.cancel(fact));
    this.told.cancels.push({ id, told: 'acknowledged', at });
  }

  private async insist(request: (process: ShopProcess) => Promise<boolean>): Promise<void> {
    for (;;) {
      const answered = request(this.random.pick(this.processes)).then(
        () => true,
        () => false,
      );
      const late = this.clock.sleep(CLIENT_PATIENCE_MS).then(() => false);
      if (await Promise.race([answered, late])) return;
      await this.clock.sleep(200);
    }
  }

  private disturbLater(): void {
    const kind = this.random.pick(Object.keys(this.deeds));
    const at = this.random.whole(200, STORM_MS);
    const holdMs = this.random.pick([50, 500, 2000, 5000, 17_000]);
    this.busy++;
    this.clock.after(at, () => {
      const from = this.clock.now;
      this.faults.push({ id: this.faults.length + 1, kind, from, until: from + holdMs, repeatsForMs: OVERLAP_MS });
      this.deeds[kind]!(holdMs);
      this.clock.after(holdMs, () => this.busy--);
    });
  }

  private readonly deeds: Record<string, Deed> = {
    kill: (holdMs) => {
      const index = this.random.whole(0, PROCESSES - 1);
      this.processes[index]!.machine.kill();
      this.clock.after(holdMs, () => this.boot(index));
    },
    stop: (holdMs) => {
      const { machine } = this.random.pick(this.processes);
      machine.stop();
      this.db.watch(machine);
      this.clock.after(holdMs, () => machine.cont());
    },
    'postgres crash': (holdMs) => {
      this.db.crash();
      this.clock.after(holdMs, () => this.db.recover());
    },
    'broker trouble': (holdMs) => {
      this.kafka.troubled = true;
      this.clock.after(holdMs, () => (this.kafka.troubled = false));
    },
    'provider trouble': (holdMs) => {
      this.world.troubled = true;
      this.clock.after(holdMs, () => (this.world.troubled = false));
    },
    rewind: () => this.random.pick([...this.kafka.groups.values()]).rewind(this.random.whole(1, 20)),
    rebalance: () => this.random.pick([...this.kafka.groups.values()]).rebalance(),
    'leadership lost': () => this.db.endSessions(),
  };

  /** Looked at now and then: it reads everything. */
  private looksSettled(): boolean {
    if (++this.looks % 25 !== 0) return false;
    if (this.db.all('outbox/').length > 0 || this.db.all('lane/').length > 0) return false;
    return [...this.kafka.groups.values()].every((group) => group.hasRead(this.kafka.logs));
  }
}
