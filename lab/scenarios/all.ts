import { aa } from './aa-noise.js';
import { db } from './db-down.js';
import { s0 } from './s0-baseline.js';
import { s1 } from './s1-chain-length.js';
import { s10 } from './s10-order.js';
import { s12 } from './s12-new-subscriber.js';
import { s13 } from './s13-read-your-write.js';
import { s14 } from './s14-ghosts.js';
import { s15 } from './s15-burst.js';
import { s16 } from './s16-retry-storm.js';
import { s19 } from './s19-toggle.js';
import { s2 } from './s2-slow-module.js';
import { s3 } from './s3-flaky-modules.js';
import { s4 } from './s4-outage.js';
import { s5 } from './s5-crash.js';
import { s6 } from './s6-broker-down.js';
import { s7 } from './s7-twice.js';
import { s8 } from './s8-poison.js';
import { s9 } from './s9-restart.js';
import type { Scenario } from './scenario.js';

/** In the order of their running: what loses data first, what the short tier has before the rest. */
export const SCENARIOS: readonly Scenario[] = [
  ...[s5, s0, aa, s2, s6, s7, s13],
  ...[s1, s3, s4, s8, s9, s10, s12, s14, s15, s16, s19, db],
];
