import { latestMs } from '../../load/drive.js';
import type { Invoke } from '../../model/history.js';
import type { Evidence } from '../evidence.js';
import type { Judgement } from '../judgement.js';

const LEAST_SHARE = 0.99;
/** The clocks of client and database are those of one host; more than this apart, one of them was set. */
const CLOCK_MS = 100;

/** I11: every fault that was planned has happened, and something shows it. */
export function faultBit({ faults, planned }: Evidence): Judgement {
  const starts = faults.filter(({ type }) => type === 'start');
  const bare = starts.filter(
    (start) =>
      !start.evidence &&
      !faults.some(
        (stop) => stop.type === 'stop' && stop.name === start.name && stop.atMs >= start.atMs && stop.evidence,
      ),
  );
  const few = starts.length < planned.expectsFaults;
  return {
    of: Math.max(starts.length, planned.expectsFaults),
    violations: [],
    passed: starts.length === 0 ? 'No fault was planned.' : `All ${starts.length} faults have left evidence.`,
    unknown: few
      ? `Only ${starts.length} of ${planned.expectsFaults} faults were inflicted.`
      : bare[0] && `Nothing shows that ${bare[0].name} has happened.`,
  };
}

/** Orders of the schedule: what was sent before the load began was a warm-up. */
export function scheduled({ places, marksOfBlock }: Evidence): Invoke[] {
  const load = marksOfBlock.find(({ type }) => type === 'load')?.atMs ?? -Infinity;
  return [...places.values()]
    .flatMap(({ invokes }) => invokes.slice(0, 1))
    .filter(({ intendedMs }) => intendedMs >= load);
}

/** The share of the planned orders that were sent while their schedule ran: the rate that the shop has really met. */
export function achievedShare(evidence: Evidence): number {
  const { planned, plannedRate } = evidence.planned;
  const sent = scheduled(evidence);
  if (sent.length === 0 || planned === 0) return 0;
  const intended = sent.map(({ intendedMs }) => intendedMs);
  const began = evidence.marksOfBlock.find(({ type }) => type === 'load')?.atMs ?? minimum(intended);
  const endMs = Math.max(maximum(intended), began + (planned / plannedRate) * 1000) + latestMs(plannedRate);
  return Math.min(1, sent.filter(({ sentMs }) => sentMs <= endMs).length / planned);
}

/** I12: the generator kept its schedule, the clocks agree, and there was something to judge. */
export function harness(evidence: Evidence): Judgement {
  const sent = scheduled(evidence);
  const share = achievedShare(evidence);
  const percent = (Math.floor(share * 1000) / 10).toFixed(1);
  const unknown = () => {
    if (sent.length === 0) return 'No order was sent in this block.';
    if (share < LEAST_SHARE) return `Only ${percent} % of the planned rate was reached: give the lab a lower --rate.`;
    const offMs = clockOffMs(evidence);
    if (offMs > CLOCK_MS) return `The clocks of client and database are ${Math.round(offMs)} ms apart.`;
    return undefined;
  };
  return {
    of: sent.length,
    violations: [],
    passed: `${percent} % of the planned rate was reached.`,
    unknown: unknown(),
  };
}

/** How far the database dates an order outside of the time in which its client asked for it. */
function clockOffMs({ places, stories }: Evidence): number {
  let most = 0;
  for (const [id, { invokes, outcomes, told }] of places) {
    const placedAt = stories.get(id)?.row?.placedAtMs;
    if (told !== 'ok' || placedAt === undefined) continue;
    const from = minimum(invokes.map(({ sentMs }) => sentMs));
    const to = maximum(outcomes.map(({ doneMs }) => doneMs));
    most = Math.max(most, from - placedAt, placedAt - to);
  }
  return most;
}

const maximum = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);
const minimum = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
