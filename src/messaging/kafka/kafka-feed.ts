import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Batch, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { failpoints } from '../failpoints.js';
import type { EventCatalogue } from '../event-catalogue.js';
import type { Intake } from '../inbox/intake.js';
import type { KafkaOptions } from '../messaging-options.js';
import { Stopping } from '../patience.js';
import { toArrival, type Arrival } from '../record.js';
import { RecordsLost, refuseLostRecords, startsOf } from './lost-records.js';
import { goodbye } from './goodbye.js';
import { onBroker, PATIENT } from './kafka-client.js';

const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 1000;
/** With the broker away a join has no end; the process that stops does. */
const LONGEST_JOIN_MS = 3000;
/** A member that has not left is waited for by its group, for the whole session. */
const LONGEST_LEAVE_MS = 2000;
const ASK_AGAIN_MS = 200;
/** No heartbeat for this long (the process was stopped): another member may own the partition now. */
const OWNERSHIP_DOUBTED_MS = 0.6 * SESSION_TIMEOUT_MS;

/**
 * Feeds one subscriber from its consumer group. An offset passes a record only when its mark or its parked row is
 * committed, or it needs neither; offsets are only ever committed from within `eachBatch`, because the broker accepts
 * commits for partitions that a member has lost.
 *
 * The broker gone: kafkajs waits and joins again. Given up by kafkajs: a new consumer is started, and liveness says so.
 */
export class KafkaFeed {
  private readonly log: Logger;
  private consumer?: Consumer;
  private starting: Promise<void> = Promise.resolve();
  private stopped?: Promise<void>;
  private stopping = false;
  private readonly working = new Set<Promise<void>>();
  private restarts = 0;
  private joined = false;
  private readonly begun = new Set<string>();
  /** Where each partition is to be read on, since this member was given it. */
  private readonly next = new Map<string, number>();
  private died?: string;

  constructor(
    private readonly name: string,
    private readonly topics: readonly string[],
    private readonly kafka: Kafka,
    private readonly options: KafkaOptions,
    private readonly app: string,
    private readonly catalogue: EventCatalogue,
    private readonly intake: Intake,
    private readonly admin: () => Promise<Admin>,
  ) {
    this.log = new Logger(`feed:${name}`);
  }

  /** True once the group has given this member its partitions: `run()` returning does not say so. */
  get ready(): boolean {
    return this.joined;
  }

  /** Why this subscriber has stopped hearing, as a sentence. */
  get death(): string | undefined {
    return this.died;
  }

  private get groupId(): string {
    return onBroker(this.options, `${this.app}.${this.name}`);
  }

  start(): Promise<void> {
    if (!this.stopping) this.starting = this.join();
    return this.starting;
  }

  private async join(): Promise<void> {
    const { groupId } = this;
    const topics = this.topics.map((topic) => onBroker(this.options, topic));
    if (!(await this.mayRead(groupId, topics))) return;
    const consumer = this.kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: this.options.maxWaitMs,
      maxBytesPerPartition: 1_048_576,
      allowAutoTopicCreation: false,
      retry: PATIENT,
    });
    this.consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.joined = true;
      this.begun.clear();
      this.next.clear();
      this.died = undefined;
    });
    consumer.on(
      consumer.events.COMMIT_OFFSETS,
      () => void failpoints.reach('offset.after-commit')?.catch(() => undefined),
    );
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.joined = false;
      if (!payload.restart && !this.stopping) this.startAgain(payload.error);
    });
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.partitions,
      eachBatch: (payload) => this.work(payload),
    });
  }

  /** Finishes what runs, for which each handler has its time limit, and says goodbye to a broker that is there. */
  stop(): Promise<void> {
    this.stopped ??= this.stopOnce();
    return this.stopped;
  }

  private async stopOnce(): Promise<void> {
    this.stopping = true;
    // kafkajs stops no consumer that is still joining: it would run on, unseen, once it has joined.
    const joined = this.starting.catch(() => undefined);
    await goodbye(joined, LONGEST_JOIN_MS);
    const left = this.consumer?.disconnect().catch(() => undefined);
    await Promise.allSettled(this.working);
    await goodbye(left, LONGEST_LEAVE_MS);
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const batch = this.onBatch(payload);
    this.working.add(batch);
    try {
      await batch;
    } finally {
      this.working.delete(batch);
    }
  }

  /** False when records were lost, or nothing is to be read any more. A broker that elects leaders is asked again. */
  private async mayRead(groupId: string, topics: readonly string[]): Promise<boolean> {
    while (!this.stopping) {
      try {
        await refuseLostRecords(await this.admin(), groupId, topics);
        return true;
      } catch (error) {
        if (error instanceof RecordsLost) {
          this.died = error.message;
          this.log.error(error.message);
          return false;
        }
        await pause(ASK_AGAIN_MS);
      }
    }
    return false;
  }

  /** Retention may have overtaken a subscriber that has waited for long: it stops, at the offset that it had reached. */
  private async refuseGap({ topic, partition, messages }: Batch, resolveOffset: (offset: string) => void) {
    const next = this.next.get(`${topic.slice(this.options.prefix.length)}/${partition}`);
    if (next === undefined || !messages[0] || Number(messages[0].offset) <= next) return;
    const start = (await startsOf(await this.admin(), topic)).get(partition) ?? 0;
    if (start <= next) return;
    const lost = new RecordsLost(start - next, `${topic}/${partition}`, this.groupId);
    // kafkajs has the log's start in its place by now: it commits this again, so that a restart meets the loss as well.
    resolveOffset(String(next - 1));
    this.died = lost.message;
    this.log.error(lost.message);
    void this.consumer?.disconnect().catch(() => undefined);
    throw lost;
  }

  private startAgain(error: Error): void {
    this.died = `the subscriber ${this.name} was given up by its Kafka client and is being started again: ${error.message}`;
    this.log.error(this.died);
    const old = this.consumer;
    const pauseMs = Math.min(30_000, 500 * 2 ** Math.min(this.restarts++, 6));
    setTimeout(() => {
      void old?.disconnect().catch(() => undefined);
      if (!this.stopping) this.start().catch((again: Error) => this.startAgain(again));
    }, pauseMs).unref();
  }

  private async onBatch({ batch, resolveOffset, heartbeat, isRunning }: EachBatchPayload): Promise<void> {
    await this.refuseGap(batch, resolveOffset);
    const ownership = new Ownership(heartbeat);
    const topic = batch.topic.slice(this.options.prefix.length);
    const arrivals = batch.messages.map(({ offset, key, value, headers }) =>
      toArrival(
        { topic, partition: batch.partition, offset, key, value, headers: headers as Arrival['record']['headers'] },
        this.app,
        this.catalogue,
      ),
    );
    const place = `${topic}/${batch.partition}`;
    const first = !this.begun.has(place);
    this.begun.add(place);
    const prefix = new FinishedPrefix(arrivals, resolveOffset);
    try {
      await this.intake.take(arrivals, {
        first,
        mayStart: () => isRunning() && !this.stopping && ownership.held(),
        finished: (arrival) => prefix.finish(arrival),
      });
    } catch (error) {
      if (!(error instanceof Stopping))
        this.log.error(`A batch of ${place} failed and is read again: ${String(error)}`);
      throw error;
    } finally {
      ownership.stop();
    }
    if (prefix.last !== undefined) this.next.set(place, Number(prefix.last) + 1);
    if (ownership.lost) throw ownership.lost;
    await failpoints.reach('offset.before-commit');
  }
}

/** Heartbeats beside a batch that may run longer than the session; `isStale()` of kafkajs knows nothing of rebalances. */
class Ownership {
  lost?: Error;
  private lastSuccess = Date.now();
  private readonly timer: NodeJS.Timeout;

  constructor(heartbeat: () => Promise<void>) {
    this.timer = setInterval(() => {
      heartbeat().then(
        () => (this.lastSuccess = Date.now()),
        (error: Error) => (this.lost ??= error),
      );
    }, HEARTBEAT_MS);
  }

  held(): boolean {
    return !this.lost && Date.now() - this.lastSuccess < OWNERSHIP_DOUBTED_MS;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Moves the offset over records that are finished, and never over one that is not. */
class FinishedPrefix {
  private readonly done = new Set<string>();
  private next = 0;

  constructor(
    private readonly arrivals: readonly Arrival[],
    private readonly resolveOffset: (offset: string) => void,
  ) {}

  /** The highest offset that was passed. */
  get last(): string | undefined {
    return this.arrivals[this.next - 1]?.record.offset;
  }

  finish(arrival: Arrival): void {
    this.done.add(arrival.record.offset);
    let last: string | undefined;
    for (
      let head = this.arrivals[this.next];
      head && this.done.has(head.record.offset);
      head = this.arrivals[this.next]
    ) {
      last = head.record.offset;
      this.next++;
    }
    if (last === undefined) return;
    try {
      this.resolveOffset(last);
    } catch {
      // The partition was lost meanwhile; its new owner reads the record again, and its mark is there.
    }
  }
}
