import type { Block } from '../model/run-result.js';
import { HEADLINE_ROWS, type RowSpec } from './headline-rows.js';
import { headline } from './headline.js';
import { factorWithin } from './numbers.js';
import { rowVerdict, type Ground, type RowVerdict } from './row-verdict.js';

const OPENING = 'What Kafka gave here over the database alone:';

function found(spec: RowSpec, { comparison }: RowVerdict, run: Ground): string {
  if (comparison) return `${spec.metric} ${factorWithin(comparison)}`;
  const cells = headline(run).find(({ id }) => id === spec.id)?.cells;
  return `${spec.metric} ${cells?.async} against ${cells?.['async-local']}`;
}

const ran = (blocks: readonly Block[], arm: string) => blocks.some((block) => block.arm === arm);

/**
 * One sentence on async against async-local over the rows of the headline: what the broker improved, what it cost, and
 * how many rows cannot tell. It may be "nothing at this rate".
 */
export function kafkaSentence(run: Ground): string {
  const missing = (['async', 'async-local'] as const).filter((arm) => !ran(run.blocks, arm));
  if (missing.length > 0) return `${OPENING} unknown, because ${missing.join(' and ')} did not run.`;
  const rows = HEADLINE_ROWS.map((spec) => ({ spec, verdict: rowVerdict(spec, run, 'async', 'async-local') }));
  const on = (side: RowVerdict['side']) => rows.filter(({ verdict }) => verdict.side === side);
  const list = (side: RowVerdict['side']) =>
    on(side)
      .map(({ spec, verdict }) => found(spec, verdict, run))
      .join(', ');
  const untold = on('unknown').length + on('not run').length;
  const told = rows.length - untold;
  if (told === 0) return `${OPENING} unknown, because no row of both was measured in two pairs or more.`;
  const rate = run.blocks.find(({ scenario }) => scenario === 'S0')?.plannedRate ?? run.blocks[0]!.plannedRate;
  const gave = list('arm better') || `nothing at this rate (${rate} orders/s)`;
  const cost = list('against better');
  const limits = untold > 0 ? ` ${untold} of ${rows.length} rows cannot tell.` : '';
  return `${OPENING} ${gave}; ${cost ? `worse with it: ${cost}` : 'nothing was measurably worse with it'}.${limits}`;
}
