interface Timer {
  at: number;
  order: number;
  act?: () => void;
}

const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now, random: Math.random };
const LET_GO = { ref: () => undefined, unref: () => undefined, hasRef: () => false };

/**
 * Time that passes only when nothing is left to do at this moment. While it is installed, timers and Date.now follow it
 * and Math.random is the given generator: the same seed gives the same run, to the millisecond.
 */
export class VirtualClock {
  /** Milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);
  private readonly timers: Timer[] = [];
  private made = 0;

  install(random: () => number): void {
    const globals = globalThis as unknown as Record<string, unknown>;
    globals.setTimeout = (act: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
      this.after(ms, () => act(...given));
    globals.setInterval = (act: () => void, ms: number) => this.every(ms, act);
    globals.clearTimeout = globals.clearInterval = (timer?: Timer) => timer && (timer.act = undefined);
    Date.now = () => this.now;
    Math.random = random;
  }

  uninstall(): void {
    const { now, random, ...timers } = REAL;
    Object.assign(globalThis, timers);
    Date.now = now;
    Math.random = random;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  after(ms: number, act: () => void): Timer {
    const timer = { at: this.now + Math.max(0, ms), order: this.made++, act, ...LET_GO };
    this.push(timer);
    return timer;
  }

  /** Runs until the condition holds; false when it does not within `limitMs` of virtual time. */
  async run(holds: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.now + limitMs;
    for (;;) {
      // Everything that can happen without waiting happens first: a tick comes when no promise is left to go on.
      await new Promise((resolve) => process.nextTick(resolve));
      if (holds()) return true;
      const next = this.pop();
      if (!next || next.at > end) return false;
      this.now = Math.max(this.now, next.at);
      next.act?.();
    }
  }

  /** Acts again and again until it is cleared. */
  every(ms: number, act: () => void): Timer {
    const timer: Timer = { at: 0, order: 0, act, ...LET_GO };
    const tick = () => {
      if (!timer.act) return;
      act();
      this.after(ms, tick);
    };
    this.after(ms, tick);
    return timer;
  }

  private push(timer: Timer): void {
    const heap = this.timers;
    let place = heap.push(timer) - 1;
    for (let parent = (place - 1) >> 1; place > 0 && before(timer, heap[parent]!); parent = (place - 1) >> 1) {
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = timer;
  }

  /** The next timer that has not been cleared. */
  private pop(): Timer | undefined {
    const heap = this.timers;
    for (;;) {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last) return undefined;
      if (heap.length > 0) this.sink(last);
      if (first.act) return first;
    }
  }

  private sink(timer: Timer): void {
    const heap = this.timers;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (child >= heap.length || !before(heap[child]!, timer)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = timer;
  }
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
