const FAILURES_IN_A_ROW = 20;

/**
 * Stops a subscriber from parking its whole topic: after 20 keys in a row that fail alike, because what it needs is
 * away, or while what it has parked is too much. Arrivals wait (Kafka is the queue, and nothing is dropped), and only
 * parked deliveries are tried: until one of them succeeds, or enough of them are gone.
 */
export class OutageBrake {
  private failures = 0;
  private code?: string;
  private parkedBytes = 0;
  private released: (() => void)[] = [];

  /** `mostParkedBytes`: what this subscriber may have parked, in all its processes together. */
  constructor(private readonly mostParkedBytes = Infinity) {}

  /** True while arrivals are to wait. */
  get holds(): boolean {
    return this.failures >= FAILURES_IN_A_ROW || this.full;
  }

  get full(): boolean {
    return this.parkedBytes >= this.mostParkedBytes;
  }

  /** A delivery of this size was parked here: the next reading may be seconds away. */
  parked(bytes: number): void {
    this.parkedBytes += bytes;
  }

  /** All that is parked, by whichever process. */
  measured(parkedBytes: number): void {
    this.parkedBytes = parkedBytes;
    if (!this.holds) this.release();
  }

  /** Notes a failed first arrival by the code of its error. */
  failed(code: string): void {
    this.failures = code === this.code ? this.failures + 1 : 1;
    this.code = code;
  }

  /** A delivery has succeeded, be it an arrival or a parked one. */
  succeeded(): void {
    this.failures = 0;
    if (!this.holds) this.release();
  }

  /** Resolves when arrivals may go on, or after `limitMs`: the caller may have to stop. */
  async pass(limitMs: number): Promise<void> {
    if (!this.holds) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.released.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private release(): void {
    for (const release of this.released.splice(0)) release();
  }
}
