const FAILURES_IN_A_ROW = 20;

/**
 * Stops a subscriber from parking its whole topic while what it needs is away: after 20 keys in a row that fail alike,
 * arrivals wait (Kafka is the queue), and only parked deliveries are tried, until one of them succeeds.
 */
export class OutageBrake {
  private failures = 0;
  private code?: string;
  private released: (() => void)[] = [];

  /** True while arrivals are to wait. */
  get holds(): boolean {
    return this.failures >= FAILURES_IN_A_ROW;
  }

  /** Notes a failed first arrival by the code of its error. */
  failed(code: string): void {
    this.failures = code === this.code ? this.failures + 1 : 1;
    this.code = code;
  }

  /** A delivery has succeeded, be it an arrival or a parked one. */
  succeeded(): void {
    this.failures = 0;
    for (const release of this.released.splice(0)) release();
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
}
