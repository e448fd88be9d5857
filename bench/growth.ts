import { relayRound } from './drain.js';
import type { Neighbours } from './neighbours.js';
import type { BenchResult, BenchSettings, Comparison, Figure } from './result.js';
import { consume } from './subscribers.js';

const DEAD_ROWS = 300_000;
const LANES = 16;
/** A process is busy waiting, not computing: what more of them bring can be seen on a machine of few cores. */
const PROVIDER_MS = 50;
const SECONDS = 5;
const CROWDS = [
  { partitions: 1, processes: 1 },
  { partitions: 8, processes: 1 },
  { partitions: 2, processes: 2 },
  { partitions: 8, processes: 2 },
  { partitions: 4, processes: 4 },
  { partitions: 8, processes: 4 },
];

/** What one event costs as the backlog grows, as partitions and processes are added, and behind dead rows. */
export async function growth(neighbours: Neighbours, { rounds, quick, say }: BenchSettings): Promise<BenchResult> {
  const scale = quick ? 10 : 1;
  const sizes = [10_000, 100_000, 1_000_000].map((rows) => rows / scale);
  const cost = async (rows: number, deadRows = 0) => 1e6 / (await relayRound(neighbours, { rows, deadRows })).perSecond;
  const comparisons: Comparison[] = sizes.slice(1).map((rows) => ({
    what: `relay, an event of a backlog of ${rows.toLocaleString('en-US')}`,
    unit: 'µs',
    limit: `of ${sizes[0]!.toLocaleString('en-US')}`,
    rounds: [],
    target: { atMost: 1.2 },
  }));
  const dead: Comparison = {
    what: `relay, an event behind ${(DEAD_ROWS / scale).toLocaleString('en-US')} dead rows that a transaction pins`,
    unit: 'µs',
    limit: 'without them',
    rounds: [],
  };
  const spread: Figure[] = [];
  for (let round = 0; round < rounds; round++) {
    const limit = await cost(sizes[0]!);
    for (const [index, rows] of sizes.slice(1).entries())
      comparisons[index]!.rounds.push({ measured: await cost(rows), limit });
    dead.rounds.push({ measured: await cost(sizes[0]!, DEAD_ROWS / scale), limit });
    say(`growth ${round + 1}/${rounds}: backlogs`);
    for (const { partitions, processes } of CROWDS) {
      const what = `1 group, a provider of ${PROVIDER_MS} ms, ${partitions} partitions, ${processes} processes`;
      const parts = { groups: 1, commit: 'each', providerMs: PROVIDER_MS, lanes: LANES, partitions } as const;
      const records = (SECONDS * processes * LANES * 1000) / PROVIDER_MS / scale;
      const { perSecond } = await consume(neighbours, parts, { records, processes });
      const figure = spread.find((one) => one.what === what);
      if (figure) figure.rounds.push(perSecond);
      else spread.push({ what, unit: 'effects/s', rounds: [perSecond] });
    }
    say(`growth ${round + 1}/${rounds}: partitions and processes`);
  }
  return { comparisons: [...comparisons, dead], figures: spread };
}
