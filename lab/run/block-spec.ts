import type { Allowed } from '../model/plan.js';
import type { Spacing, Stretch } from '../load/arrivals.js';
import type { Driven, Visit } from '../load/drive.js';
import type { Basis, Live } from './live.js';

/** One arm under one load for some seconds, as a scenario wants it. */
export interface BlockSpec extends Basis {
  scenario: string;
  pair: number;
  variant?: string;
  variantValue?: number;
  stretches: readonly Stretch[];
  spacing?: Spacing;
  users?: number;
  /** Orders that are placed beforehand and thrown away, so that the process is warm. */
  warmUp?: number;
  /** Settings of the shop over those of its arm. */
  settings?: Readonly<Record<string, string>>;
  /** What a customer does; places the order once when left out. */
  visit?: (live: Live) => Visit;
  /** Sends the orders of the schedule itself, instead of each at its time; resolves when all have been sent. */
  driver?: (live: Live) => Promise<Driven>;
  /** Runs beside the load, from its start: breaks something, and mends it. */
  during?: (live: Live) => Promise<void>;
  /** Runs when the load is over, before the lab waits until all is settled. */
  afterwards?: (live: Live) => Promise<void>;
  /** Runs when the block has been judged, while its shop is still there. */
  epilogue?: (live: Live) => Promise<void>;
  /** For how long the effects may take after the load. */
  settleMs?: number;
  allowed?: Allowed;
  expectsFaults?: number;
  /** Other blocks run at the same time: what processes use is not this block's. */
  sharesMachine?: boolean;
  /** Records that the lab itself puts into the topics. */
  poisonKeys?: readonly string[];
}

export const planned = ({ stretches }: BlockSpec): { orders: number; seconds: number; rate: number } => {
  const orders = stretches.reduce((sum, { rate, seconds }) => sum + Math.round(rate * seconds), 0);
  const seconds = stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
  return { orders, seconds, rate: orders / seconds };
};
