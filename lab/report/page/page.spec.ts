import type { RunResult } from '../../model/run-result.js';
import { headline } from '../headline.js';
import { sampleRun } from '../sample/sample-run.js';
import { pageOf } from './page.js';

const standard = sampleRun();
const quick = sampleRun({ tier: 'quick' });
const pages: [string, RunResult][] = [
  ['a standard run', standard],
  ['a quick run', quick],
  ['a run without Kafka', sampleRun({ tier: 'quick', withoutKafka: true })],
  [
    'a run that was stopped at once',
    {
      ...quick,
      blocks: [],
      scenarios: [],
      headline: headline({ ...quick, blocks: [] }),
      waterfalls: [],
      complete: false,
    },
  ],
];
const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map((match) => match[1]!);

describe.each(pages)('the page of %s', (_, run) => {
  const page = pageOf(run, {}, 'index.json');

  it('has a target for each of its links, and no name twice', () => {
    const ids = all(page, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all(page, / href="#([^"]+)"/g).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('loads nothing and runs nothing', () => {
    expect(all(page, / (?:src|href)="(?!#|index\.json"|data:,")([^"]*)"/g)).toEqual([]);
    expect(all(page, /(<script|@import|url\((?!#)|http-equiv="refresh")/gi)).toEqual([]);
  });

  it('has every section, and one line where a scenario was not run', () => {
    const sections = all(page, /<section\s+id="([^"]+)"/g);
    expect(sections).toEqual([
      'verdicts', 'winners', 'decisions', 'matrix', 'strip', 'curves', 'consistency', 'prices', 'order', 'reading', 'host', 'raw',
    ]); // prettier-ignore
    if (run !== standard) expect(page).toContain('not run in this tier');
  });

  it('shows no value that is none', () => {
    expect(all(page, /(.{0,40}(?:undefined|NaN|Infinity|\[object|null).{0,40})/g)).toEqual([]);
  });
});

describe('the page', () => {
  it('shows a scenario of which no block was kept', () => {
    const bare = { ...quick, blocks: quick.blocks.filter(({ arm }) => arm !== 'sync') };
    const page = pageOf(bare, {}, 'x.json');
    const ids = all(page, / id="([^"]+)"/g);
    expect(all(page, / href="#([^"]+)"/g).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('shows both clocks wherever it shows the first', () => {
    const page = pageOf(standard, {}, 'index.json');
    for (const table of all(page, /(<thead>[^]*?<\/thead>)/g))
      if (/\back\b|acknowledged/.test(table)) expect(table).toMatch(/effects/);
  });

  it('is loud about a surprise only', () => {
    const surprising = structuredClone(standard);
    surprising.scenarios[0]!.predictions[0] = {
      arm: 'sync',
      predicted: 'nothing',
      observed: '3 lost',
      outcome: 'surprise',
    };
    const loud = (run: RunResult) => all(pageOf(run, {}, 'x.json'), /<td class="cell (surprise)/g).length;
    expect(loud(standard)).toBe(0);
    expect(loud(surprising)).toBe(1);
  });

  it('takes what a machine says for text', () => {
    const evil = structuredClone(quick);
    evil.env.machine = '<img src=x onerror=alert(1)>';
    evil.scenarios[0]!.title = '"><script>alert(2)</script>';
    const page = pageOf(evil, {}, 'index.json');
    expect(page).not.toMatch(/<img|<script/);
    expect(page).toContain('&lt;img src=x');
  });

  it('multiplies what was measured with the prices that it is given', () => {
    expect(pageOf(quick, { coreHour: 0.05, brokerMonth: 220 }, 'x.json')).toContain('× 0.05 a core hour');
    expect(pageOf(quick, {}, 'x.json')).toContain('--price-core-hour');
  });
});
