import type { Deed } from '../chaos/observations.js';
import type { VirtualClock } from '../support/virtual-clock.js';
import type { Random } from '../chaos/random.js';
import type { Machine } from './machine.js';

/** The providers and the mail server: they remember keys, and write down whatever they are asked. */
export class OutsideWorld {
  readonly ledger: Deed[] = [];
  /** While it is true, calls fail before or after they have done their deed. */
  troubled = false;
  private readonly known = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
  ) {}

  /** Does a deed once for each key; a mail each time that it is asked to. */
  call(machine: Machine, kind: Deed['kind'], orderId: string, key: string, status?: string): Promise<void> {
    return machine.ask(() => {
      if (this.troubled && this.random.chance(0.4)) throw new Error('The provider has a bad moment.');
      const name = `${kind} ${key}`;
      this.ledger.push({ kind, key, orderId, status, at: this.clock.now, repeat: this.known.has(name) });
      this.known.add(name);
      if (this.troubled && this.random.chance(0.3)) throw new Error('The answer of the provider was lost.');
    });
  }

  has(kind: Deed['kind'], key: string): boolean {
    return this.known.has(`${kind} ${key}`);
  }
}
