import { median } from 'simple-statistics';
import { requestConnections } from '../arms/settings.js';
import { type ArmName, ARMS } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import { metricOf } from '../statistics/index.js';

/** What the formulas have to know of a shop beside the reader's own numbers. */
export interface ShopNumbers {
  /** Connections that requests of sync may hold. */
  pool: number;
  /** Work of an order in sync besides the wait for billing. */
  ownWorkMs: number;
  /** Deliveries that billing's subscriber runs side by side. */
  lanes: number;
  /** Orders per second that one process of async-local can do before it waits for anyone, by its CPU. */
  localPerSecond: number;
  /** After so long a call to a provider is given up. */
  providerTimeoutMs: number;
  /** After so long a request gives up waiting for a connection. */
  poolWaitMs: number;
  /** Where they come from: one clause for the reader. */
  from: string;
}

/** The defaults of the shop's settings (.env.example), and a guess where only a run could tell. */
const DEFAULTS: ShopNumbers = {
  pool: 10,
  ownWorkMs: 30,
  lanes: 16,
  localPerSecond: 100,
  providerTimeoutMs: 3000,
  poolWaitMs: 5000,
  from: 'the default settings of the shop and a guessed 30 ms of own work: no run was given',
};

function measured(run: RunResult, arm: ArmName, metric: string): number | undefined {
  const values = run.blocks
    .filter((block) => block.scenario === 'S0' && block.arm === arm && block.valid)
    .flatMap((block) => metricOf(block, metric) ?? []);
  return values.length === 0 ? undefined : median(values);
}

/** Takes from a run what it has measured. */
export function shopNumbers(run: RunResult | undefined): ShopNumbers {
  if (!run) return DEFAULTS;
  const ownWorkMs = measured(run, 'sync-hardened', 'ackP50Ms');
  const cpuMs = measured(run, 'async-local', 'shopCpuMsPerOrder');
  return {
    ...DEFAULTS,
    pool: requestConnections(ARMS['sync-hardened']),
    ownWorkMs: ownWorkMs ?? DEFAULTS.ownWorkMs,
    localPerSecond: cpuMs ? 1000 / cpuMs : DEFAULTS.localPerSecond,
    from:
      ownWorkMs === undefined
        ? 'the settings of this run and a guessed 30 ms of own work: S0 was not run'
        : `the settings of this run and what its S0 measured at ${run.blocks.find(({ scenario }) => scenario === 'S0')!.plannedRate} orders/s`,
  };
}
