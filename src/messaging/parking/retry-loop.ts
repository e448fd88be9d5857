import { LaneLost } from '../delivery.js';
import { UnknownEvent, type EventCatalogue } from '../event-catalogue.js';
import type { Tx } from '../effects.js';
import { HandlerEndsProcess, MOST_STARTS } from '../inbox/batch-starts.js';
import type { DeliveryRunner } from '../inbox/delivery-runner.js';
import type { Inbox } from '../inbox/inbox.js';
import type { OutageBrake } from '../inbox/outage-brake.js';
import { Stopping, type Patience } from '../patience.js';
import { toArrival, type Arrival } from '../record.js';
import { mayConcern, type SubscriberDeclaration } from '../subscriber.js';
import type { Transactions } from '../transactions.js';
import { describe, pauseAfter } from './due.js';
import { readHead } from './lane-head.js';
import { LaneLeases, type LeasedLane } from './lane-leases.js';
import type { Parking } from './parking.js';

const POLL_MS = 1000;
const UNKNOWN_PAUSE_MS = 30_000;

interface Head {
  id: string;
  arrival: Arrival;
}

interface LoopSettings {
  app: string;
  concurrency: number;
  handlerTimeoutMs: number;
  retryForMs: number;
}

/**
 * Runs parked deliveries when they are due: only the oldest of a lane, only by the holder of the lane's lease.
 * Every process of a subscriber runs one loop; leases are compared with the database's clock.
 */
export class RetryLoop {
  private running = false;
  private loop = Promise.resolve();
  private wake: () => void = () => undefined;
  private readonly leases: LaneLeases;

  constructor(
    private readonly subscriber: SubscriberDeclaration,
    private readonly settings: LoopSettings,
    private readonly catalogue: EventCatalogue,
    private readonly inbox: Inbox,
    private readonly parking: Parking,
    private readonly runner: DeliveryRunner,
    private readonly transactions: Transactions,
    private readonly patience: Patience,
    private readonly brake: OutageBrake,
    private readonly onError: (error: unknown) => void,
  ) {
    this.leases = new LaneLeases(subscriber.name, transactions, settings.handlerTimeoutMs);
  }

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Stops taking lanes and waits for the deliveries that run. */
  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
  }

  /** A delivery was parked here and is due after `delayMs`. */
  expect(delayMs: number | null): void {
    if (delayMs === null) return;
    setTimeout(() => this.wake(), delayMs).unref();
  }

  private async run(): Promise<void> {
    while (this.running) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        if (this.brake.holds) await this.patience.waitForDatabase(() => this.probe());
        const lanes = await this.patience.waitForDatabase(() => this.leases.take(this.settings.concurrency));
        await Promise.all(lanes.map((lane) => this.drain(lane)));
        if (lanes.length > 0) continue;
      } catch (error) {
        if (error instanceof Stopping) return;
        this.onError(error);
      }
      const poll = setTimeout(() => this.wake(), POLL_MS);
      if (this.running) await woken;
      clearTimeout(poll);
    }
  }

  /**
   * While arrivals wait for an outage to end, the oldest parked delivery is the probe. Where none is left (another
   * process has had them, or a person), nothing here would ever end the wait: the next arrival is the probe.
   */
  private async probe(): Promise<void> {
    if (!(await this.leases.makeOldestDue())) this.brake.succeeded();
  }

  /** Runs a lane from its head until it is empty, fails, or is no longer ours. */
  private async drain(lane: LeasedLane): Promise<void> {
    while (this.running) {
      const head = await this.patience.waitForDatabase(() => this.head(lane));
      if (!head) return;
      const more = await this.take(lane, head);
      if (!more) return;
      lane = { ...lane, attempts: 1, starts: 1 };
      if (!(await this.patience.waitForDatabase(() => this.leases.renew(lane)))) return;
    }
    await this.putBack(lane, 0);
  }

  /** True when the head has left the lane and the next may be run. */
  private async take(lane: LeasedLane, head: Head): Promise<boolean> {
    const { content } = head.arrival;
    const complete = (tx: Tx) => this.parking.complete(tx, lane, head.id);
    if ('unknown' in content) {
      if (lane.failingForMs > this.settings.retryForMs)
        return this.giveBack(lane, head, new UnknownEvent(content.unknown));
      await this.putBack(lane, UNKNOWN_PAUSE_MS);
      return false;
    }
    if (!mayConcern(this.subscriber, content)) {
      await this.patience.waitForDatabase(() => this.transactions.run(complete));
      return true;
    }
    if (lane.starts > MOST_STARTS) return this.giveBack(lane, head, new HandlerEndsProcess(head.arrival.name));
    if (await this.patience.waitForDatabase(() => this.inbox.isMarked(this.runner.reader, head.arrival.eventId))) {
      await this.patience.waitForDatabase(() => this.transactions.run(complete));
      return true;
    }
    if ('poison' in content) return this.giveBack(lane, head, content.poison);
    const error = await this.runner.run(head.arrival, {
      mayStart: () => this.running,
      complete,
      confirm: () => this.leases.renew(lane),
    });
    // A stop is no failure of the delivery: with a pause and an attempt to its name it would wait for nothing.
    if (error instanceof LaneLost && !this.running) await this.putBack(lane, 0);
    else if (error) await this.giveBack(lane, head, error);
    if (error) return false;
    this.brake.succeeded();
    return true;
  }

  /** Returns a failed lane with its next due time; a last failure is announced to `dead-letters`. */
  private async giveBack(lane: LeasedLane, head: Head, error: Error): Promise<false> {
    const pause = pauseAfter(error, lane.attempts, lane.failingForMs, this.settings.retryForMs);
    const announce = async (tx: Tx) => {
      if (pause === null) await this.parking.announce(tx, head.id, head.arrival, error);
    };
    await this.patience.waitForDatabase(() => this.leases.giveBack(lane, pause, describe(error).text, announce));
    this.expect(pause);
    return false;
  }

  private putBack(lane: LeasedLane, pauseMs: number): Promise<void> {
    return this.patience.waitForDatabase(() => this.leases.putBack(lane, pauseMs));
  }

  private async head(lane: LeasedLane): Promise<Head | undefined> {
    const head = await readHead(this.transactions.dataSource, this.subscriber.name, lane);
    return head && { id: head.id, arrival: toArrival(head.record, this.settings.app, this.catalogue) };
  }
}
