import type { VirtualClock } from '../support/virtual-clock.js';

const SESSION_MS = 10_000;

/** A place to read: topic and partition. */
export interface Part {
  topic: string;
  partition: number;
}

export const placeOf = ({ topic, partition }: Part): string => `${topic}/${partition}`;

/**
 * A consumer group. A new owner begins when the old one has let go of the part, or has been silent for a session: then
 * both may be at work.
 */
export class MemoryGroup {
  generation = 0;
  private readonly committed = new Map<string, number>();
  private readonly owners = new Map<string, object>();
  private readonly members = new Map<object, { seen: number; parts: readonly Part[] }>();

  constructor(private readonly clock: VirtualClock) {}

  /** Joins, or asks again after a rebalance; the parts that are the member's own now. */
  join(member: object, parts: readonly Part[]): { generation: number; own: Part[] } {
    this.expire();
    if (!this.members.has(member)) this.generation++;
    this.members.set(member, { seen: this.clock.now, parts });
    const names = [...this.members.keys()];
    const own = parts.filter((_, index) => names[index % names.length] === member);
    return { generation: this.generation, own };
  }

  leave(member: object): void {
    if (this.members.delete(member)) this.generation++;
  }

  /** @throws when the member has to join again. */
  heartbeat(member: object, generation: number): void {
    this.expire();
    const found = this.members.get(member);
    if (!found || generation !== this.generation) throw new Error('The group is rebalancing.');
    found.seen = this.clock.now;
  }

  offset(part: Part): number {
    return this.committed.get(placeOf(part)) ?? 0;
  }

  /** Brokers take the commit of any member, also for a part that it has lost. */
  commit(member: object, part: Part, offset: number): void {
    this.expire();
    if (!this.members.has(member)) throw new Error('The group does not know this member.');
    this.committed.set(placeOf(part), offset);
  }

  /** Becomes the one who reads a part; false while another member has not let go of it. */
  claim(member: object, part: Part): boolean {
    this.expire();
    const owner = this.owners.get(placeOf(part));
    if (owner && owner !== member && this.members.has(owner)) return false;
    this.owners.set(placeOf(part), member);
    return true;
  }

  letGo(member: object, part: Part): void {
    if (this.owners.get(placeOf(part)) === member) this.owners.delete(placeOf(part));
  }

  /** Every member has to join again. */
  rebalance(): void {
    this.generation++;
  }

  rewind(records: number): void {
    for (const [place, offset] of this.committed) this.committed.set(place, Math.max(0, offset - records));
    this.rebalance();
  }

  /** Whether every record of the parts that its members read is behind it. */
  hasRead(logs: ReadonlyMap<string, readonly unknown[]>): boolean {
    const places = new Set([...this.members.values()].flatMap(({ parts }) => parts.map(placeOf)));
    return [...places].every((place) => (this.committed.get(place) ?? 0) >= (logs.get(place)?.length ?? 0));
  }

  private expire(): void {
    for (const [member, { seen }] of this.members) if (this.clock.now - seen > SESSION_MS) this.leave(member);
  }
}
