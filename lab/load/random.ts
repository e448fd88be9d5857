import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createHash } from 'node:crypto';

const WHOLE = 2 ** 32 - 1;

/** Draws that are the same for the same seed and purpose, whatever else has been drawn. */
export class Draws {
  private readonly generator;

  constructor(seed: number, purpose: string) {
    this.generator = xoroshiro128plus(createHash('sha256').update(`${seed} ${purpose}`).digest().readInt32BE());
  }

  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return uniformInt(this.generator, least, most);
  }

  /** Above 0, at most 1. */
  share(): number {
    return (this.whole(0, WHOLE) + 1) / (WHOLE + 1);
  }

  /** A UUID (version 4). */
  uuid(): string {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => this.whole(0, 255)));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  shuffle<T>(items: readonly T[]): T[] {
    const mixed = [...items];
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = this.whole(0, last);
      [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
    }
    return mixed;
  }
}
