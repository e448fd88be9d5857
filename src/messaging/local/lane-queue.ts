import { laneOf } from '../inbox/inbox.js';
import type { BatchControl } from '../inbox/intake.js';
import type { Arrival } from '../record.js';

type Take = (batch: readonly Arrival[], control: Pick<BatchControl, 'first' | 'finished'>) => Promise<void>;

/**
 * The deliveries of one subscriber that wait, for one leadership. Several batches are taken side by side, so that a slow
 * delivery holds up its own lane only; a lane is in one batch at a time, and what comes behind it is taken when all before
 * it has finished: by then its marks and its parked rows can be seen.
 */
export class LaneQueue {
  private ready: Arrival[] = [];
  private readonly behind = new Map<string, Arrival[]>();
  /** How many deliveries of a lane are under way. */
  private readonly busy = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private open = false;
  private firstDone = false;

  /** `sideBySide`: at most so many batches at a time. */
  constructor(
    private readonly take: Take,
    private readonly sideBySide: number,
  ) {}

  /** From now on batches are taken. */
  start(): void {
    this.open = true;
    this.next();
  }

  add(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) {
      const lane = laneOf(arrival);
      if (!this.busy.has(lane)) this.ready.push(arrival);
      else if (!this.behind.get(lane)?.push(arrival)) this.behind.set(lane, [arrival]);
    }
    this.next();
  }

  /** Takes nothing more; resolves when all that is under way has ended. */
  async close(): Promise<void> {
    this.open = false;
    await Promise.all(this.running);
  }

  private next(): void {
    // What has killed the last owner is looked for in the first batch: nothing else may run beside it.
    const room = this.firstDone ? this.sideBySide : 1;
    if (!this.open || this.ready.length === 0 || this.running.size >= room) return;
    const batch = this.ready;
    this.ready = [];
    for (const arrival of batch) this.busy.set(laneOf(arrival), (this.busy.get(laneOf(arrival)) ?? 0) + 1);
    const control = { first: !this.firstDone, finished: (arrival: Arrival) => this.finished(arrival) };
    const taken = this.take(batch, control).finally(() => {
      this.running.delete(taken);
      this.firstDone = true;
      this.next();
    });
    this.running.add(taken);
  }

  private finished(arrival: Arrival): void {
    const lane = laneOf(arrival);
    const left = this.busy.get(lane)! - 1;
    if (left > 0) return void this.busy.set(lane, left);
    this.busy.delete(lane);
    const behind = this.behind.get(lane);
    if (!behind) return;
    this.behind.delete(lane);
    this.ready.push(...behind);
    this.next();
  }
}
