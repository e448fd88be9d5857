import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../local/folders.js';
import { median, ratios, reached, type BenchResult, type BenchSettings } from './result.js';

const number = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
};
const spread = (values: readonly number[]): string =>
  values.length < 2
    ? number(median(values))
    : `${number(median(values))} (${number(Math.min(...values))}–${number(Math.max(...values))})`;

function targetOf(target: { atLeast: number } | { atMost: number } | undefined, value: number): string {
  if (!target) return '– | –';
  const text = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  return `${text} | ${reached(target, value) ? 'yes' : '**no**'}`;
}

/** Comparisons and figures as Markdown: medians over the rounds, with least and greatest. */
export function table({ comparisons, figures }: BenchResult): string {
  const lines: string[] = [];
  if (comparisons.length > 0)
    lines.push(
      '| measured | | its limit | | ratio | target | reached |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...comparisons.map((one) => {
        const measured = spread(one.rounds.map((round) => round.measured));
        const limit = spread(one.rounds.map((round) => round.limit));
        const target = targetOf(one.target, median(ratios(one)));
        return `| ${one.what} | ${measured} ${one.unit} | ${one.limit} | ${limit} ${one.unit} | ${spread(ratios(one))} | ${target} |`;
      }),
      '',
    );
  if (figures.length > 0)
    lines.push(
      '| shown | | target | reached |',
      '| --- | --- | --- | --- |',
      ...figures.map(
        (one) => `| ${one.what} | ${spread(one.rounds)} ${one.unit} | ${targetOf(one.target, median(one.rounds))} |`,
      ),
      '',
    );
  return lines.join('\n');
}

/** Writes `bench/results/<name>.json` and `.md`; a smoke test is not kept. */
export function keep(name: string, title: string, result: BenchResult, settings: BenchSettings, seconds: number): void {
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node ${process.version}, ${os.platform()}`;
  const rounds = `${settings.rounds} ${settings.rounds === 1 ? 'round' : 'interleaved rounds'}`;
  const text = `# ${title}\n\n${rounds}; median (least–greatest); ${machine}.\n\n${table(result)}`;
  console.log(`\n${text}`);
  if (settings.quick) return console.log('A smoke test: nothing is kept.');
  const folder = path.join(projectRoot(), 'bench', 'results');
  fs.mkdirSync(folder, { recursive: true });
  const json = { bench: name, at: new Date().toISOString(), machine, rounds: settings.rounds, seconds, ...result };
  fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
  fs.writeFileSync(path.join(folder, `${name}.md`), text);
}
