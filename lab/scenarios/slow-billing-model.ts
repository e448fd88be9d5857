import { requestConnections } from '../arms/settings.js';
import { ARMS, callsDirectly } from '../model/arm.js';
import type { Run } from '../run/bench.js';
import { quantile } from '../statistics/index.js';
import { simulateQueue, simulateRounds, type QueueOutcome } from './queue-model.js';

export const PATIENCE_MS = 5_000;
/** Defaults of the shop that the prediction rests on: POOL_WAIT and SUBSCRIBER_CONCURRENCY. */
const POOL_WAIT_MS = 5_000;
const LANES = 16;
/** What billing itself does for an order, beside waiting for the provider. */
const OWN_MS = 10;
/** Default of KAFKA_PARTITIONS. */
const PARTITIONS = 6;
/** From billing, orders, shipping and orders again to the last effect. */
const HOPS = 4;

/** What billing that takes so long should do to a block: to its answers where it is called, else to its effects. */
export function slowBilling(run: Run, delayMs: number): Pick<QueueOutcome, 'acceptedShare' | 'p95Ms'> {
  const { arm } = run.spec;
  const arrivals = run.live.orders.map(({ atMs }) => atMs);
  if (callsDirectly(arm))
    return simulateQueue({
      arrivals,
      servers: requestConnections(arm),
      serviceMs: () => delayMs + calmAnswerMs(run),
      mostWaitMs: POOL_WAIT_MS,
      patienceMs: PATIENCE_MS,
    });
  const slowForMs = run.live.healedMs - run.live.loadMs;
  const serviceMs = (startMs: number) => OWN_MS + (startMs < slowForMs ? delayMs : 0);
  const queue = { arrivals, servers: LANES, serviceMs };
  const turns = run.live.orders.map(({ id }) => parseInt(id.slice(0, 8), 16) % PARTITIONS);
  const billing = ARMS[arm.name].needsKafka ? simulateRounds(queue, turns) : simulateQueue(queue);
  return { acceptedShare: 1, p95Ms: billing.p95Ms + HOPS * hopMs(run) };
}

/** What a request takes while nothing is slow: the later half of the warm-up tells. */
function calmAnswerMs({ judged, live }: Run): number {
  const warmUp = [...judged.perOrder.values()]
    .filter(({ intendedMs }) => intendedMs < live.loadMs)
    .sort((a, b) => a.intendedMs - b.intendedMs);
  return middleOf(warmUp.slice(Math.floor(warmUp.length / 2)).flatMap(({ ackMs }) => ackMs ?? []));
}

/** From an announcement to its effect at somebody who does not wait for billing: the first mail, of this very load. */
function hopMs({ judged: { observation }, live }: Run): number {
  const placedAt = new Map(observation.orders.map(({ id, placedAtMs }) => [id, placedAtMs]));
  const mails = observation.effects.filter(
    ({ effect, detail, atMs }) => effect === 'mail.sent' && detail === 'order_received' && atMs > live.loadMs,
  );
  return middleOf(mails.flatMap(({ orderId, atMs }) => atMs - (placedAt.get(orderId) ?? atMs)));
}

const middleOf = (times: readonly number[]): number => quantile(times, 0.5, 0)?.value ?? 0;

/** The rule behind the numbers, for the reader. */
export function ruleOf(run: Run): string {
  const { name, needsKafka } = run.spec.arm;
  if (callsDirectly(ARMS[name]))
    return `Every order holds one of ${requestConnections(run.spec.arm)} connections while it waits, and is refused when it waits too long`;
  const reads = needsKafka ? ', and the broker is asked for more when all that was read is done' : '';
  return `Everything is accepted as if billing were quick; billing works on ${LANES} orders at a time while it is slow${reads}`;
}
