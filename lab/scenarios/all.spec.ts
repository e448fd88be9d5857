import { ARMS } from '../model/arm.js';
import type { ArmName } from '../model/arm.js';
import { SCENARIOS } from './all.js';
import { SCENARIO_IDS } from './ids.js';
import { inShort } from './order-of-blocks.js';
import type { Given } from './scenario.js';

/** Starting the servers and stopping them. */
const AROUND_S = 20;
const QUICK_S = 8 * 60;

const given = (tier: Given['tier'], arms: readonly ArmName[]): Given => ({
  tier,
  arms: tier === 'quick' ? inShort(arms.map((name) => ARMS[name])) : arms.map((name) => ARMS[name]),
  rate: 20,
  seed: 1,
  folder: '',
  stopping: new AbortController().signal,
});

describe('the scenarios', () => {
  it('are those that can be named, each once', () => {
    expect(SCENARIOS.map(({ id }) => id).sort()).toEqual([...SCENARIO_IDS].sort());
  });

  it('of the short tier fit into eight minutes, and begin with what is lost on a kill', () => {
    const quick = SCENARIOS.filter((scenario) => scenario.quick);
    const sum = quick.reduce((seconds, { budgetS }) => seconds + budgetS.quick, 0);
    expect(sum + AROUND_S).toBeLessThanOrEqual(QUICK_S);
    expect(quick.map(({ id }) => id)).toEqual(['S5', 'S0', 'AA', 'S2', 'S6', 'S7', 'S13']);
  });

  it('take about half an hour when all of them run', () => {
    const sum = SCENARIOS.reduce((seconds, { budgetS }) => seconds + budgetS.standard, 0);
    expect(sum).toBeLessThanOrEqual(37 * 60);
  });

  it('have their controls in S5 alone, as far as the short tier goes', () => {
    const withControls = SCENARIOS.filter(({ quick, arms }) => quick && arms.some((name) => ARMS[name].control));
    expect(withControls.map(({ id }) => id)).toEqual(['S5']);
  });

  it.each(SCENARIOS.filter(({ id }) => id !== 'S12').map((scenario) => [scenario.id, scenario] as const))(
    '%s plans load for each of its arms, in both tiers, and the same for the same seed',
    async (_id, scenario) => {
      for (const tier of ['quick', 'standard'] as const) {
        const groups = await scenario.blocks(given(tier, scenario.arms));
        const order = (planned: typeof groups) =>
          planned.flat().map(({ arm, pair, variant }) => [arm.name, pair, variant]);
        expect(order(groups)).toEqual(order(await scenario.blocks(given(tier, scenario.arms))));
        for (const { stretches } of groups.flat())
          expect(stretches.every(({ rate, seconds }) => rate > 0 && seconds > 0)).toBe(true);
        const asked = new Set(groups.flat().map(({ arm }) => arm.name));
        const leftOut = scenario.arms.filter((name) => !asked.has(name));
        // Plain sync waits as its hardened twin does; a short run has time for one control; the same twice needs one design.
        const spared = tier === 'quick' && scenario.id === 'S5' ? ['sync', 'sync-after-commit'] : ['sync'];
        if (scenario.id !== 'AA') expect(leftOut.filter((name) => !spared.includes(name))).toEqual([]);
      }
    },
  );

  it('break four arms with five kills in a short run, and every arm that was asked for by name', async () => {
    const s5 = SCENARIOS.find(({ id }) => id === 'S5')!;
    const asked = async (some: Given) => (await s5.blocks(some)).flat().map(({ arm }) => arm.name);
    expect(await asked(given('quick', s5.arms))).toEqual(['sync-hardened', 'async-local', 'async', 'async-dual-write']);
    expect(
      await asked(
        given(
          'quick',
          s5.arms.filter((name) => !ARMS[name].needsKafka),
        ),
      ),
    ).toEqual([...['sync-hardened', 'async-local', 'sync-after-commit']]);
    expect(await asked(given('standard', s5.arms))).toEqual(s5.arms);
  });

  it('of pairs ask every arm once in each of them', async () => {
    const s0 = SCENARIOS.find(({ id }) => id === 'S0')!;
    const specs = (await s0.blocks(given('standard', s0.arms))).flat();
    for (let pair = 0; pair < 6; pair++)
      expect(new Set(specs.filter((spec) => spec.pair === pair).map(({ arm }) => arm.name))).toEqual(new Set(s0.arms));
    expect(specs).toHaveLength(6 * s0.arms.length);
  });
});
