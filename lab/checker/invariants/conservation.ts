import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';

/** I7: the money that was invoiced, charged and counted as sold is that of the orders, one by one and so in sum. */
export function conservation({ stories, observation }: Evidence): Judgement {
  const invoices = new Map(observation.invoices.map(({ orderId, amount }) => [orderId, amount]));
  const violations: Violation[] = [];
  let of = 0;
  let sum = 0;
  for (const { id, row, sale, deeds } of stories.values()) {
    if (!row) continue;
    const charge = deeds.find(({ kind, repeat }) => kind === 'charge' && !repeat);
    const amounts = { 'the invoice': invoices.get(id), 'the charge': charge?.amount, 'the sale': sale?.total };
    for (const [effect, amount] of Object.entries(amounts)) {
      if (amount === undefined) continue;
      of++;
      if (amount !== row.total)
        violations.push({ orderId: id, effect, culprit: `${amount} instead of ${row.total} minor units` });
    }
    sum += row.total;
  }
  return { of, violations, passed: `All ${of} amounts are those of their orders, ${sum} minor units in all.` };
}
