import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { judge } from '../chaos/judge.js';
import { about } from './about.js';
import { sequences, type Step } from './commands.js';
import { standing } from './standing.js';
import { SteppedShop, type PlannedOrder } from './stepped-shop.js';

/** PROPERTY_SEED repeats the sequences of a run that failed; fast-check prints it. */
const seed = process.env.PROPERTY_SEED ? Number(process.env.PROPERTY_SEED) : undefined;
const SEQUENCES = 30;
const LIMIT_MS = 120_000;

describe('whatever happens between placing and the end', () => {
  let sync: SteppedShop;
  let async: SteppedShop;

  beforeAll(async () => {
    [sync, async] = await Promise.all([SteppedShop.open('sync'), SteppedShop.open('async')]);
  });
  afterAll(() => Promise.all([sync?.close(), async?.close()]));

  /** In `sync` only what users do is done, on a day on which nothing fails. */
  async function both(steps: Step[]): Promise<Set<string>> {
    const orders: PlannedOrder[] = [];
    for (const step of steps) {
      if (step.does === 'place') orders.push({ id: randomUUID(), user: step.user, declined: step.declined });
      await async.take(step, orders);
      if (step.does === 'place' || step.does === 'cancel') await sync.take(step, orders);
    }
    await async.settle();
    return new Set(orders.map(({ id }) => id));
  }

  it(
    'an order ends as it ends in sync, and the judge finds nothing',
    async () => {
      const sameEnd = fc.asyncProperty(sequences, async (steps) => {
        const orders = await both(steps);
        const seen = about(orders, await async.observe());
        expect(judge(seen).findings).toEqual([]);
        expect(standing(seen)).toEqual(standing(about(orders, await sync.observe())));
      });
      await fc.assert(sameEnd, { seed, numRuns: SEQUENCES, interruptAfterTimeLimit: LIMIT_MS - 20_000 });
    },
    LIMIT_MS,
  );
});
