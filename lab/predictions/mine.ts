import type { ArmName } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import { duration, percent } from '../report/numbers.js';
import * as formulas from './formulas.js';
import { measuredDelays, measuredDrain } from './measured-points.js';
import type { Mine } from './read-mine.js';
import { type ShopNumbers, shopNumbers } from './shop-numbers.js';

export interface MineLine {
  what: string;
  predicted: string;
  /** What a run saw at its own numbers; undefined where it has no such point. */
  measured?: string;
}

export interface MineAnswer {
  lines: MineLine[];
  choice: Extract<ArmName, 'sync-hardened' | 'async-local' | 'async'>;
  /** Why, with the numbers of the reader in it. */
  rule: string;
  /** Where the numbers of the shop come from. */
  from: string;
}

/** Above this share of its capacity a queue has long waits on its bad days. */
const COMFORT = 0.7;
/** A shop that refuses fewer of its orders than this lives with sync. */
const BEARABLE = 0.001;
const MONTH_S = 30 * 86_400;
/** What a fluid queue calls unbearable is reached within seconds; its share is shown for one minute. */
const PEAK_S = 60;

const rounded = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The delay of billing from which sync refuses orders: its capacity falls to the rate, or the call is given up. */
export const refusesFromMs = ({ rate }: Pick<Mine, 'rate'>, shop: ShopNumbers): number =>
  Math.min(formulas.collapseDelayMs(rate, shop.pool, shop.ownWorkMs), shop.providerTimeoutMs);

/** Of the orders of a month those that sync-hardened refuses: the failures that a repeat does not mend. */
export const refusedShare = ({ availability, outageS }: Mine): number =>
  Math.max(1 - availability, Math.min(1, outageS / MONTH_S));

const drainCapacity = (mine: Mine, shop: ShopNumbers): number =>
  Math.min(formulas.asyncCapacity(shop.lanes, Math.max(1, mine.billingMs)), shop.localPerSecond);

function choose(mine: Mine, shop: ShopNumbers): Pick<MineAnswer, 'choice' | 'rule'> {
  const { rate } = mine;
  const capacity = formulas.syncCapacity(shop.pool, mine.billingMs + shop.ownWorkMs);
  const refused = refusedShare(mine);
  const local = drainCapacity(mine, shop);
  const keepsUp = rate <= COMFORT * capacity && mine.billingMs < shop.providerTimeoutMs;
  if (keepsUp && refused <= BEARABLE)
    return {
      choice: 'sync-hardened',
      rule: `it keeps up (${rate} of ${rounded(capacity)} orders/s, below ${percent(COMFORT)}) and refuses ${percent(refused)} of the orders (at most ${percent(BEARABLE)}): events would buy nothing that you need.`,
    };
  const because = keepsUp
    ? `sync refuses ${percent(refused)} of the orders, more than ${percent(BEARABLE)}`
    : `sync does not keep up: ${rate} orders/s are above ${percent(COMFORT)} of its ${rounded(capacity)}, or billing above its time limit of ${duration(shop.providerTimeoutMs)}`;
  if (rate <= COMFORT * local)
    return {
      choice: 'async-local',
      rule: `${because}; one process without a broker does ${rounded(local)} orders/s, and yours are below ${percent(COMFORT)} of that. Kafka would add history and subscribers on other machines: choose async if you need either.`,
    };
  return {
    choice: 'async',
    rule: `${because}; and one process, which is all that async-local has, does only ${rounded(local)} orders/s: the subscribers have to be spread.`,
  };
}

/** What the formulas predict for the reader's own numbers, beside the measured points of a run (prediction, no result). */
export function mine(numbers: Mine, run?: RunResult): MineAnswer {
  const shop = shopNumbers(run);
  const { rate, billingMs, availability, outageS } = numbers;
  const capacity = formulas.syncCapacity(shop.pool, billingMs + shop.ownWorkMs);
  const waiting = formulas.backlog(rate, outageS);
  const perSecond = drainCapacity(numbers, shop);
  const drain = formulas.drainS(waiting, perSecond, rate);
  const accepted = formulas.syncAcceptedShare(rate, capacity, PEAK_S, shop.poolWaitMs);
  const lines: MineLine[] = [
    {
      what: 'sync starts to refuse when billing takes',
      predicted: `${duration(refusesFromMs(numbers, shop))} or more`,
      measured: measuredDelays(run),
    },
    {
      what: `sync, at billing = ${duration(billingMs)}, can do`,
      predicted: `${rounded(capacity)} orders/s; it accepts ${percent(accepted)} of yours in a minute of ${rate}/s`,
    },
    {
      what: `refused when ${percent(1 - availability)} of the calls fail`,
      predicted: `sync ${percent(1 - availability)}; sync-hardened ${percent(formulas.withOneRepeat(1 - availability))} of single failures, as many as sync in an outage; async 0 %`,
    },
    {
      what: `refused in an outage of ${duration(outageS * 1000)}`,
      predicted: `sync ${rounded(waiting)} orders; async none`,
    },
    {
      what: 'async: backlog when the outage ends',
      predicted: `${rounded(waiting)} orders`,
      measured: measuredDrain(run)?.backlog,
    },
    {
      what: 'async: drained after',
      predicted: Number.isFinite(drain)
        ? `${duration(drain * 1000)} at ${rounded(perSecond)} orders/s`
        : `never: ${rounded(perSecond)} orders/s is all that it can do`,
      measured: measuredDrain(run)?.drain,
    },
  ];
  return { lines, ...choose(numbers, shop), from: shop.from };
}
