import type { RunResult } from '../model/run-result.js';
import type { Run } from './bench.js';

type Waterfall = RunResult['waterfalls'][number];

/** The same purchase in each arm: that from the middle of the schedule of the last pair in which all ran. */
export function waterfallsOf(runs: readonly Run[]): Waterfall[] {
  const last = Math.max(...runs.map(({ block }) => block.pair));
  return runs.flatMap((run) => (run.block.pair === last && run.block.valid ? waterfallOf(run) : []));
}

function waterfallOf({ block, live, judged, purchases }: Run): Waterfall[] {
  const order = live.orders[Math.floor(live.orders.length / 2)];
  const purchase = purchases.find(({ orderId }) => orderId === order?.id);
  if (!purchase) return [];
  const { orderId, intendedMs, doneMs } = purchase;
  const effects = judged.observation.effects
    .filter((effect) => effect.orderId === orderId)
    .sort((a, b) => a.atMs - b.atMs);
  let fromMs = 0;
  const steps = effects.map(({ effect, detail, atMs }) => {
    const step = {
      what: effect === 'mail.sent' ? `mail ${detail}` : effect,
      fromMs,
      toMs: Math.max(fromMs, atMs - intendedMs),
    };
    fromMs = step.toMs;
    return step;
  });
  return [
    { arm: block.arm, orderId, steps: [{ what: 'acknowledged', fromMs: 0, toMs: doneMs - intendedMs }, ...steps] },
  ];
}
