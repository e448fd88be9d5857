/** Runs work side by side up to a limit, and one after another within a lane. */
export class Lanes {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly limit: number) {}

  /** Resolves when the work has ended; work of one lane starts in the order of the calls. */
  run(lane: string, work: () => Promise<void>): Promise<void> {
    const before = this.tails.get(lane) ?? Promise.resolve();
    const result = before.then(() => this.admit(work));
    const tail = result.catch(() => undefined);
    this.tails.set(lane, tail);
    void tail.then(() => {
      if (this.tails.get(lane) === tail) this.tails.delete(lane);
    });
    return result;
  }

  private async admit(work: () => Promise<void>): Promise<void> {
    if (this.running >= this.limit) await new Promise<void>((free) => this.waiting.push(free));
    else this.running++;
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
