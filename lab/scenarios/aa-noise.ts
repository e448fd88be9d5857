import { A, A_AGAIN } from '../statistics/index.js';
import type { BlockSpec } from '../run/block-spec.js';
import { allAccepted, middle, ms, prediction, runsOf } from './judging.js';
import { Draws } from '../load/random.js';
import type { Scenario } from './scenario.js';

const PAIRS = { quick: 1, standard: 3 };
const SECONDS = 6;

/** One design against itself: what differs here is chance, and no smaller difference means anything elsewhere. */
export const aa: Scenario = {
  id: 'AA',
  title: 'the same twice',
  question: 'How far apart does chance put two runs of one and the same design?',
  arms: ['async', 'async-local'],
  budgetS: { quick: 26, standard: 78 },
  quick: true,

  blocks({ arms, rate, tier, seed }) {
    const draws = new Draws(seed, 'order of AA');
    return Array.from({ length: PAIRS[tier] }, (_, pair) =>
      draws
        .shuffle([A, A_AGAIN])
        .map((variant): [BlockSpec] => [
          { scenario: 'AA', arm: arms.at(-1)!, pair, variant, stretches: [{ rate, seconds: SECONDS }] },
        ]),
    ).flat();
  },

  judge: (runs, { arms }) => {
    const { name } = arms.at(-1)!;
    const [one, other] = [runsOf(runs, name, A), runsOf(runs, name, A_AGAIN)];
    const observed = `acknowledged p95 ${ms(middle(one, 'ackP95Ms'))} and ${ms(middle(other, 'ackP95Ms'))}`;
    return {
      predictions: [
        prediction(name, 'Two runs of one design differ by chance alone; by how much is the noise floor.', [
          allAccepted([...one, ...other]),
          { observed, came: one.length > 0 && other.length > 0 ? true : undefined },
        ]),
      ],
    };
  },
};
