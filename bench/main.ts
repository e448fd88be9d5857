import { program } from 'commander';
import { Problem } from '../local/problem.js';
import { drain } from './drain.js';
import { growth } from './growth.js';
import { latency } from './latency.js';
import { startNeighbours, type Neighbours } from './neighbours.js';
import { orders } from './orders.js';
import { keep } from './report.js';
import type { BenchResult, BenchSettings } from './result.js';
import { subscribers } from './subscribers.js';

interface Bench {
  title: string;
  run: (neighbours: Neighbours, settings: BenchSettings) => Promise<BenchResult>;
  /** A million rows take their time. */
  mostRounds?: number;
}

const benches: Record<string, Bench> = {
  drain: { title: 'Draining a backlog', run: drain },
  latency: { title: 'From commit to readable', run: latency },
  orders: { title: 'Placing orders', run: orders },
  subscribers: { title: 'Subscribers', run: subscribers },
  growth: { title: 'Cost as work grows', run: growth, mostRounds: 2 },
};

program
  .name('npm run bench --')
  .description('Measures messaging beside its limits, each in the same run, over interleaved rounds.')
  .argument('[names...]', `which ones (${Object.keys(benches).join(', ')}); all when none is named`)
  .option('--rounds <n>', 'how often each side is measured', Number, 3)
  .option('--quick', 'a smoke test with a tenth of the work, of which nothing is kept')
  .parse();

const { rounds, quick = false } = program.opts<{ rounds: number; quick?: boolean }>();

/** The exit code of a person's Ctrl-C. */
let interruptedWith: number | undefined;

/** Resolves to how many broke off. */
async function main(names: string[]): Promise<number> {
  const unknown = names.find((name) => !benches[name]);
  if (unknown) program.error(`There is no benchmark ${unknown}: use ${Object.keys(benches).join(', ')}.`);
  if (!Number.isInteger(rounds) || rounds < 1) program.error('--rounds wants a whole number from 1 on.');
  const say = (sentence: string) => console.error(sentence);
  const starting = startNeighbours();
  // Children end by themselves, because their channel closes; PostgreSQL and the broker have to be stopped.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      interruptedWith = code;
      void starting.then((begun) => begun.stop()).finally(() => process.exit(code));
    });
  const neighbours = await starting;
  let failed = 0;
  try {
    for (const name of names.length > 0 ? names : Object.keys(benches)) {
      const { title, run, mostRounds = rounds } = benches[name]!;
      const began = performance.now();
      const settings = { rounds: Math.min(rounds, mostRounds, quick ? 2 : rounds), quick, say };
      try {
        const result = await run(neighbours, settings);
        keep(name, title, result, settings, Math.round((performance.now() - began) / 1000));
      } catch (error) {
        // One that breaks off must not cost what the others have measured.
        failed++;
        if (interruptedWith) break;
        console.error(`${name} broke off:`, error);
      }
    }
  } finally {
    await neighbours.stop();
  }
  return failed;
}

main(program.args).then(
  (failed) => process.exit(interruptedWith ?? (failed > 0 ? 1 : 0)),
  (error: unknown) => {
    console.error(error instanceof Problem ? error.message : error);
    // Not `exitCode`: children of a benchmark that broke off would keep this process, and it them.
    process.exit(1);
  },
);
