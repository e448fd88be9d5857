import type { EachBatchPayload } from 'kafkajs';
import type { Machine } from './machine.js';
import type { MemoryGroup, Part } from './memory-group.js';
import type { VirtualClock } from '../support/virtual-clock.js';

const HEARTBEAT_MS = 3000;
const MOST_RECORDS = 5;
const AGAIN_MS = 100;

/** What a consumer needs of its broker. */
interface Broker {
  readonly clock: VirtualClock;
  readonly partitions: number;
  log(topic: string, partition: number): readonly unknown[];
  /** Calls when a record is added; returns the way to stop. */
  whenAdded(wake: () => void): () => void;
}

interface Running {
  eachBatch(payload: EachBatchPayload): Promise<void>;
}

/** One member of a group, with the parts of kafkajs' consumer that the shop uses. */
export class MemoryConsumer {
  readonly events = { GROUP_JOIN: 'join', COMMIT_OFFSETS: 'commit', CRASH: 'crash' };
  private readonly listeners = new Map<string, () => void>();
  private parts: Part[] = [];
  private running = false;
  /** The generation it works in; undefined while it has to join again. */
  private generation?: number;
  private wake: () => void = () => undefined;

  constructor(
    private readonly machine: Machine,
    private readonly kafka: Broker,
    private readonly group: MemoryGroup,
  ) {}

  on(event: string, listener: () => void): void {
    if (event !== this.events.CRASH) this.listeners.set(event, listener);
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  subscribe({ topics }: { topics: string[] }): Promise<void> {
    const partitions = Array.from({ length: this.kafka.partitions }, (_, partition) => partition);
    this.parts = topics.flatMap((topic) => partitions.map((partition) => ({ topic, partition })));
    return Promise.resolve();
  }

  run(running: Running): Promise<void> {
    this.running = true;
    const beat = this.kafka.clock.every(HEARTBEAT_MS, () => void this.heartbeat().catch(() => this.lose()));
    this.machine.onKill(() => (beat.act = undefined));
    void this.work(running);
    return Promise.resolve();
  }

  async disconnect(): Promise<void> {
    this.running = false;
    this.lose();
    this.group.leave(this);
  }

  /** Joins, reads what is its own until it has to join again, and so on. */
  private async work({ eachBatch }: Running): Promise<void> {
    while (this.running) {
      const { generation, own } = await this.machine.ask(() => this.group.join(this, this.parts));
      this.generation = generation;
      this.listeners.get(this.events.GROUP_JOIN)?.();
      await Promise.all(own.map((part) => this.read(part, generation, eachBatch)));
      if (own.length === 0) await this.untilLost();
      await this.kafka.clock.sleep(AGAIN_MS);
    }
  }

  private async read(part: Part, generation: number, eachBatch: Running['eachBatch']): Promise<void> {
    while (!this.group.claim(this, part)) {
      if (this.generation !== generation) return;
      await this.kafka.clock.sleep(AGAIN_MS);
    }
    await this.readOwn(part, generation, eachBatch);
    this.group.letGo(this, part);
  }

  private async readOwn(part: Part, generation: number, eachBatch: Running['eachBatch']): Promise<void> {
    let position = await this.machine.ask(() => this.group.offset(part));
    while (this.generation === generation) {
      const messages = await this.machine.ask(() =>
        this.kafka.log(part.topic, part.partition).slice(position, position + 1 + (generation % MOST_RECORDS)),
      );
      if (messages.length === 0) {
        await this.more(part, position);
        continue;
      }
      let resolved = position;
      let failed = false;
      const payload = {
        batch: { ...part, messages },
        resolveOffset: (offset: string) => (resolved = Number(offset) + 1),
        heartbeat: () => this.heartbeat(),
        isRunning: () => this.running && this.generation === generation,
      };
      await eachBatch(payload as unknown as EachBatchPayload).catch(() => (failed = true));
      if (resolved > position) await this.commit(part, resolved);
      position = resolved;
      if (failed) this.lose();
    }
  }

  private async commit(part: Part, offset: number): Promise<void> {
    try {
      await this.machine.ask(() => this.group.commit(this, part, offset));
      this.listeners.get(this.events.COMMIT_OFFSETS)?.();
    } catch {
      this.lose();
    }
  }

  private async heartbeat(): Promise<void> {
    const { generation } = this;
    if (generation === undefined) throw new Error('The group is rebalancing.');
    await this.machine.ask(() => this.group.heartbeat(this, generation));
  }

  /** Resolves when the log is longer, or the member has to join again. */
  private async more({ topic, partition }: Part, position: number): Promise<void> {
    while (this.generation !== undefined && this.kafka.log(topic, partition).length <= position) await this.woken();
  }

  private async untilLost(): Promise<void> {
    while (this.generation !== undefined) await this.woken();
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.wake;
      const forget = this.kafka.whenAdded(() => this.wake());
      this.wake = () => {
        this.wake = () => undefined;
        forget();
        resolve();
        before();
      };
    });
  }

  private lose(): void {
    this.generation = undefined;
    this.wake();
  }
}
