import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';

/** I6: nothing is under way any more, the figures are those of their rows, and the cache says what the rows say. */
export function convergence({ observation }: Evidence): Judgement {
  const { outbox, lag = 0, analytics, views = [], orders, sales } = observation;
  const violations: Violation[] = [];
  const stuck = (orderId: string, effect: string, culprit: string, count?: number) =>
    violations.push({ anomaly: 'stuck', orderId, effect, culprit, count });
  for (const { name, key, sequence } of outbox) stuck(key, `the event ${name} (${sequence})`, 'still in the outbox');
  if (lag > 0) stuck('', 'the groups', `they are ${lag} records behind`, lag);
  if (analytics) {
    const sold = sales.filter(({ status }) => status === 'confirmed');
    const revenue = sold.reduce((sum, { total }) => sum + total, 0);
    if (analytics.orders !== sold.length || analytics.revenue !== revenue)
      stuck(
        '',
        'the figures',
        `the shop says ${analytics.orders} orders and ${analytics.revenue}, its rows ${sold.length} and ${revenue}`,
      );
  }
  for (const { userId, orders: count, spent } of views) {
    const own = orders.filter((order) => order.userId === userId);
    const paid = own.filter(({ status }) => status === 'confirmed' || status === 'shipped');
    const sum = paid.reduce((total, order) => total + order.total, 0);
    if (count !== own.length || spent !== sum)
      stuck(userId, 'what is read', `the shop says ${count} orders and ${spent}, its rows ${own.length} and ${sum}`);
  }
  const of = 1 + views.length + (analytics ? 1 : 0);
  return {
    of,
    violations,
    passed: 'Nothing is under way, and what is read is what is written.',
    unknown: observation.unanswered ? 'The shop did not say what its figures and its cache hold.' : undefined,
  };
}
