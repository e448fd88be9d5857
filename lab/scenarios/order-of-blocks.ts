import { Draws } from '../load/random.js';
import type { Arm } from '../model/arm.js';

/** Each pair asks every arm once, in an order of its own that the seed draws: what drifts, drifts for all. */
export function interleaved(arms: readonly Arm[], pairs: number, seed: number, purpose: string) {
  const draws = new Draws(seed, `order of ${purpose}`);
  return Array.from({ length: pairs }, (_, pair) => draws.shuffle(arms).map((arm) => ({ arm, pair }))).flat();
}

/** Plain `sync` is left out where its hardened twin runs: both wait for others in the same way. */
export const withoutTwin = (arms: readonly Arm[]): readonly Arm[] =>
  arms.some(({ name }) => name === 'sync-hardened') ? arms.filter(({ name }) => name !== 'sync') : arms;

/** The arms of the whole short run, which has time for neither a twin nor a second control: the last loses most. */
export const inShort = (arms: readonly Arm[]): readonly Arm[] => [
  ...withoutTwin(arms).filter(({ control }) => !control),
  ...arms.filter(({ control }) => control).slice(-1),
];
