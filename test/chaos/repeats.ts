import type { Fault } from './observations.js';
import type { FaultKind } from './schedule.js';

type Repeats = Pick<Fault, 'repeatsForMs' | 'twoOwners' | 'atAnyAttempt'>;
/** A process that was killed, or a commit that has failed: the delivery is run again. */
const AGAIN: Repeats = { repeatsForMs: 1000 };
/** Heartbeats fail, the session of 10 s ends and the group is balanced anew: so long may two owners overlap. */
const OVERLAP: Repeats = { repeatsForMs: 15_000, twoOwners: true };

/** How each kind can make a handler run a second time between the outside world and its commit. */
export const REPEATS: Record<FaultKind, Repeats> = {
  'process killed': AGAIN,
  'process stopped': OVERLAP,
  // Stopping waits for its handlers, at most as long as an orchestrator would.
  'process restarted': AGAIN,
  'failpoint kill': AGAIN,
  'failpoint stop': OVERLAP,
  'failpoint throw': { ...AGAIN, atAnyAttempt: true },
  'broker killed': OVERLAP,
  'broker restarted': OVERLAP,
  'broker frozen': OVERLAP,
  'postgres killed': AGAIN,
  'postgres restarted': AGAIN,
  'postgres frozen': OVERLAP,
  'kafka cut': OVERLAP,
  'kafka delayed': {},
  'kafka blackholed': OVERLAP,
  'postgres cut': AGAIN,
  // A transaction may wait too long for its connection.
  'postgres delayed': AGAIN,
  'postgres blackholed': OVERLAP,
  'groups rewound': AGAIN,
};
