import type { VirtualClock } from '../support/virtual-clock.js';
import type { Random } from '../chaos/random.js';

const never = new Promise<never>(() => undefined);

/** A process of the simulated shop. What it asks of others takes time; when it is dead, no answer reaches it. */
export class Machine {
  private alive = true;
  private continued?: { promise: Promise<void>; go: () => void };
  private readonly endings: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly clock: VirtualClock,
    private readonly random: Random,
  ) {}

  get isAlive(): boolean {
    return this.alive;
  }

  get isStopped(): boolean {
    return this.continued !== undefined;
  }

  /** Asks somebody outside. What is on its way when the process dies may still be done; its answer is lost. */
  async ask<T>(deed: () => T | Promise<T>): Promise<T> {
    await this.breathe();
    const answers = this.random.chance(0.5);
    // The way there or the way back takes the time: what is lost in between depends on which.
    if (!answers) await this.travel();
    let answer: { value: T } | { error: unknown };
    try {
      answer = { value: await deed() };
    } catch (error) {
      answer = { error };
    }
    if (answers) await this.travel();
    await this.breathe();
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  /** kill -9. */
  kill(): void {
    this.alive = false;
    this.cont();
    for (const end of this.endings) end();
  }

  /** SIGSTOP: timers go on in name, but nothing reaches anybody until `cont`. */
  stop(): void {
    if (this.continued || !this.alive) return;
    let go!: () => void;
    const promise = new Promise<void>((resolve) => (go = resolve));
    this.continued = { promise, go };
  }

  cont(): void {
    this.continued?.go();
    this.continued = undefined;
  }

  /** Runs when it is killed, or at once when it is dead: its connections are closed then. */
  onKill(end: () => void): void {
    if (this.alive) this.endings.push(end);
    else end();
  }

  private async breathe(): Promise<void> {
    while (this.continued) await this.continued.promise;
    if (!this.alive) await never;
  }

  private travel(): Promise<void> | undefined {
    const draw = this.random.next();
    if (draw < 0.3) return undefined;
    return this.clock.sleep(draw > 0.98 ? this.random.whole(100, 2500) : this.random.whole(1, 25));
  }
}
