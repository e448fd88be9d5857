import type { PlannedOrder } from '../load/arrivals.js';
import { nowMs } from '../load/clock.js';
import { drive } from '../load/drive.js';
import type { Live } from './live.js';

/** Sends orders of the schedule from now on, one after the other at this rate, answered or not; their delays in ms. */
export async function sendBatch(live: Live, orders: readonly PlannedOrder[], rate: number): Promise<number[]> {
  const from = orders.map((order, index) => ({ ...order, atMs: (index * 1000) / rate }));
  const place = live.customers.place.bind(live.customers);
  const { delaysMs } = await drive(from, nowMs(), (orders.length * 1000) / rate, place, live.stopping);
  return delaysMs;
}
