import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmName } from '../../model/arm.js';
import type { Point } from '../../model/run-result.js';

/** How a made-up shop is loaded and broken; times in milliseconds. */
export interface Situation {
  arm: ArmName;
  seed: number;
  rate: number;
  seconds: number;
  /** What billing takes. */
  billingMs?: number;
  /** Calls of 10 ms after billing. */
  calls?: number;
  /** Share of orders that a module refuses. */
  refusing?: number;
  /** From … to second of the load: billing, Kafka or the database does not answer. */
  outage?: { of: 'billing' | 'kafka' | 'database'; fromS: number; toS: number };
}

const POOL = 10;
const PATIENCE_MS = 5000;

const callsDirectly = (arm: ArmName) => arm === 'sync' || arm === 'sync-hardened';

/** Workers that take one thing at a time, first come, first served. */
class Queue {
  private readonly freeAt: number[];
  constructor(workers: number) {
    this.freeAt = Array.from({ length: workers }, () => 0);
  }
  /** When the work that arrives now would begin. */
  begin(nowMs: number): number {
    return Math.max(nowMs, Math.min(...this.freeAt));
  }
  occupy(beginMs: number, workMs: number): number {
    this.freeAt[this.freeAt.indexOf(Math.min(...this.freeAt))] = beginMs + workMs;
    return beginMs + workMs;
  }
}

/** Orders of a shop that does not exist, for tests of what is drawn: plausible in shape, never a result. */
export function simulate(situation: Situation): Point[] {
  const { arm, seed, rate, seconds, billingMs = 5, calls = 1, refusing = 0, outage } = situation;
  const random = xoroshiro128plus(seed);
  const chance = () => uniformFloat64(random);
  const jitter = (ms: number) => ms * (0.85 + 0.2 * chance() - 0.12 * Math.log(1 - chance()));
  const pool = new Queue(POOL);
  const lanes = new Queue(16);
  const broken = (ms: number, of: string) => outage?.of === of && ms >= outage.fromS * 1000 && ms < outage.toS * 1000;
  const healed = (ms: number, of: string) => (broken(ms, of) ? outage!.toS * 1000 + jitter(400) : ms);
  const points: Point[] = [];
  const count = Math.round(rate * seconds);
  for (let i = 0; i < count; i++) {
    const at = Math.round(((i + 0.8 * chance()) / rate) * 1000);
    if (broken(at, 'database')) points.push([at, jitter(40), null, 'info']);
    else if (callsDirectly(arm)) points.push(direct(at));
    else points.push(announced(at));
  }
  return points;

  function direct(at: number): Point {
    const begin = pool.begin(at);
    if (begin - at > PATIENCE_MS) return [at, PATIENCE_MS, null, 'info'];
    const refused = chance() < refusing * (arm === 'sync-hardened' ? 0.2 : 1);
    const workMs = jitter(14) + jitter(billingMs) + calls * jitter(10);
    const down = broken(begin, 'billing');
    const ack = Math.round(pool.occupy(begin, down ? jitter(30) : workMs) - at);
    return down || refused ? [at, ack, null, 'info'] : [at, ack, ack, 'ok'];
  }
  function announced(at: number): Point {
    const ack = Math.round(jitter(9));
    const carried = at + ack + jitter(arm === 'async' ? 16 : 6);
    const heard = healed(healed(carried, arm === 'async' ? 'kafka' : '-'), 'billing');
    const retried = chance() < refusing ? jitter(800) : 0;
    const done = lanes.occupy(lanes.begin(heard), jitter(billingMs) + 8) + calls * jitter(4) + jitter(14) + retried;
    return [at, ack, Math.round(done - at), 'ok'];
  }
}
