import { setTimeout as pause } from 'node:timers/promises';
import type { PlannedOrder } from './arrivals.js';
import { nowMs } from './clock.js';

/** What a customer does when an order is due; it resolves when nothing more is to come of it. */
export type Visit = (order: PlannedOrder, intendedMs: number) => Promise<unknown>;

export interface Driven {
  /** How many were sent while the schedule ran. */
  sentInTime: number;
  /** From intended to sent, in milliseconds, for each order. */
  delaysMs: number[];
}

/**
 * Starts each visit at its time, whatever has become of those before. Resolves when all visits have ended. A generator
 * that comes late sends at once what is due, and says by how much it was late.
 */
export async function drive(
  orders: readonly PlannedOrder[],
  beganMs: number,
  lengthMs: number,
  visit: Visit,
  stopping: AbortSignal,
): Promise<Driven> {
  const visits: Promise<unknown>[] = [];
  const delaysMs: number[] = [];
  const lateMs = latestMs((orders.length * 1000) / lengthMs);
  let sentInTime = 0;
  let failed: Error | undefined;
  for (const order of orders) {
    const intendedMs = beganMs + order.atMs;
    const waitMs = intendedMs - nowMs();
    if (waitMs > 0) await pause(waitMs, undefined, { signal: stopping });
    stopping.throwIfAborted();
    if (failed) throw failed;
    const sentMs = nowMs();
    // A timer may fire up to a millisecond early.
    delaysMs.push(Math.max(0, sentMs - intendedMs));
    if (sentMs <= beganMs + lengthMs + lateMs) sentInTime++;
    visits.push(visit(order, intendedMs).catch((error: Error) => (failed ??= error)));
  }
  const rest = beganMs + lengthMs - nowMs();
  if (rest > 0) await pause(rest, undefined, { signal: stopping });
  await Promise.all(visits);
  if (failed) throw failed;
  return { sentInTime, delaysMs };
}

/** The last order may be due at the very end of its schedule: late by less than the time of one, it is in time. */
export const latestMs = (rate: number): number => Math.max(20, 1000 / rate);
