import type { Observation } from '../model/observation.js';

type Views = Pick<Observation, 'analytics' | 'views'>;

interface SalesReport {
  days: { orders: number; revenue: number }[];
}
interface OrdersOfUser {
  count: number;
  spent: { amount: number }[];
}

/** What the shop itself says when it is asked, through its cache: the figures of all days, and each user's orders. */
export async function readViews(restUrl: string, userIds: readonly string[]): Promise<Views> {
  const { days } = await ask<SalesReport>(restUrl, '/analytics/sales');
  const views: Views['views'] = [];
  for (const userId of userIds) {
    const { count, spent } = await ask<OrdersOfUser>(restUrl, `/users/${userId}/orders`);
    views.push({ userId, orders: count, spent: sum(spent.map(({ amount }) => amount)) });
  }
  const analytics = {
    orders: sum(days.map(({ orders }) => orders)),
    revenue: sum(days.map(({ revenue }) => revenue)),
  };
  return { analytics, views };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

async function ask<T>(restUrl: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, restUrl), { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The shop answered ${response.status} for ${path}.`);
  return (await response.json()) as T;
}
