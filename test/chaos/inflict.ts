import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../../local/processes.js';
import type { AppProcess } from './app-process.js';
import type { Fleet } from './fleet.js';
import type { Fault } from './observations.js';
import { rewindGroup } from '../../local/rewind.js';
import { REPEATS } from './repeats.js';
import type { FaultKind, PlannedFault } from './schedule.js';
import type { Stage } from './stage.js';
import type { TcpProxy, Line } from './tcp-proxy.js';

/** A failpoint that nothing has reached in this time, once the process is ready, has missed. */
const REACH_MS = 12_000;
/** A process that another fault keeps from being ready is not waited for. */
const START_MS = 12_000;
const THROW_MS = 4000;

export interface Inflicted extends Fault {
  kind: FaultKind;
  target: string;
  /** What shows that it has happened; undefined: it has met nothing. */
  evidence?: string;
}

/** Does one fault of the schedule, and heals it; resolves when it is healed. */
export async function inflict(
  planned: PlannedFault,
  stage: Stage,
  fleet: Fleet,
  stopping: AbortSignal,
): Promise<Inflicted> {
  const hold = (ms = planned.holdMs) => pause(ms, undefined, { signal: stopping });
  await hold(planned.afterMs);
  const from = Date.now();
  const { target, evidence, met } = await deeds[planned.kind]({ planned, stage, fleet, hold, stopping });
  const { id, kind } = planned;
  return {
    id,
    kind,
    from,
    until: Date.now(),
    ...REPEATS[kind],
    subscribers: met && fleet.heardBy(met),
    target,
    evidence,
  };
}

interface Ground {
  planned: PlannedFault;
  stage: Stage;
  fleet: Fleet;
  hold: (ms?: number) => Promise<unknown>;
  stopping: AbortSignal;
}

interface Done {
  target: string;
  /** The processes that it was done to; undefined: all meet it. */
  met?: AppProcess[];
  evidence?: string;
}

const chosen = <T>(items: readonly T[], { target }: PlannedFault): T => items[target % items.length]!;

const deeds: Record<FaultKind, (ground: Ground) => Promise<Done>> = {
  'process killed': ({ planned, fleet, hold }) =>
    onProcess(chosen(fleet.processes, planned), async (one) => {
      await one.kill();
      await hold();
      one.start();
    }),
  'process stopped': ({ planned, fleet, hold }) =>
    onProcess(chosen(fleet.processes, planned), async (one) => {
      one.send('SIGSTOP');
      await hold();
      one.send('SIGCONT');
    }),
  'process restarted': ({ planned, fleet, hold }) =>
    onProcess(chosen(fleet.processes, planned), async (one) => {
      await one.stop();
      await hold();
      one.start();
    }),
  'failpoint kill': (ground) => armed(ground, (one) => !one.isArmed),
  'failpoint stop': (ground) => armed(ground, (one) => one.isStopped),
  'failpoint throw': async ({ planned, fleet, hold }) => {
    const one = chosen(fleet.doing(planned.failpoint!.part), planned);
    await restart(one, planned.failpoint!.setting);
    await happens(() => one.isReady, START_MS, hold);
    await hold(THROW_MS);
    await restart(one);
    return { target: `${one.role.name} ${planned.failpoint!.setting}`, met: [one], evidence: 'armed' };
  },
  'broker killed': ({ planned, stage, hold }) =>
    onBroker(stage, planned, async (broker) => {
      await broker.kill9();
      await hold();
      return broker.restart();
    }),
  'broker restarted': ({ planned, stage, hold }) =>
    onBroker(stage, planned, async (broker) => {
      await broker.stop();
      await hold();
      return broker.restart();
    }),
  'broker frozen': ({ planned, stage, hold }) =>
    onBroker(stage, planned, async (broker) => {
      broker.freeze();
      await hold();
      broker.thaw();
      return broker;
    }),
  'postgres killed': async ({ stage, hold }) => {
    await stage.postgres.kill9();
    const evidence = gone(stage.postgres.pid);
    await hold();
    stage.postgres = await stage.postgres.restart();
    return { target: 'postgres', evidence };
  },
  'postgres restarted': async ({ stage, hold }) => {
    await stage.postgres.stop();
    const evidence = gone(stage.postgres.pid);
    await hold();
    stage.postgres = await stage.postgres.restart();
    return { target: 'postgres', evidence };
  },
  'postgres frozen': async ({ stage, hold }) => {
    stage.freezePostgres('SIGSTOP');
    await hold();
    stage.freezePostgres('SIGCONT');
    return { target: 'postgres', evidence: 'stopped' };
  },
  'kafka cut': (ground) => onLine(kafkaLines(ground), 'cut', ground),
  'kafka delayed': (ground) => onLine(kafkaLines(ground), delay(ground), ground),
  'kafka blackholed': (ground) => onLine(kafkaLines(ground), 'blackhole', ground),
  'postgres cut': (ground) => onLine([ground.stage.postgresProxy], 'cut', ground),
  'postgres delayed': (ground) => onLine([ground.stage.postgresProxy], delay(ground), ground),
  'postgres blackholed': (ground) => onLine([ground.stage.postgresProxy], 'blackhole', ground),
  'groups rewound': async ({ planned, stage, fleet, stopping }) => {
    const subscriber = chosen(['billing', 'shipping', 'orders', 'notifications', 'analytics'], planned);
    const owners = fleet.hearing(subscriber);
    await Promise.all(owners.map((one) => one.stop()));
    const group = `${stage.topicPrefix}shop.${subscriber}`;
    const rewound = await rewindGroup(stage.brokerAddresses, group, planned.records!, stopping);
    for (const one of owners) one.start();
    return { target: subscriber, met: owners, evidence: rewound > 0 ? `${rewound} records again` : undefined };
  },
};

async function onProcess(one: AppProcess, work: (one: AppProcess) => Promise<void>): Promise<Done> {
  const evidence = one.running ? 'it ran' : undefined;
  await work(one);
  return { target: one.role.name, met: [one], evidence };
}

/** Starts processes with a failpoint, waits until it has acted in one of them, and lets them go on without it. */
async function armed({ planned, fleet, hold }: Ground, acted: (one: AppProcess) => boolean): Promise<Done> {
  const { part, setting } = planned.failpoint!;
  // Only one relay leads: the failpoint must be wherever the leadership goes.
  const doing = fleet.doing(part);
  const armedOnes = part === 'relay' ? doing : [chosen(doing, planned)];
  await Promise.all(armedOnes.map((one) => restart(one, setting)));
  await happens(() => armedOnes.every((one) => one.isReady) || armedOnes.some(acted), START_MS, hold);
  await happens(() => armedOnes.some(acted), REACH_MS, hold);
  const victim = armedOnes.find(acted);
  if (victim?.isStopped) await hold();
  for (const one of armedOnes) one.send('SIGCONT');
  // What was killed has been started again without it.
  await Promise.all(armedOnes.filter(({ isArmed }) => isArmed).map((one) => restart(one)));
  return {
    target: `${(victim ?? armedOnes[0]!).role.name} ${setting}`,
    met: armedOnes,
    evidence: victim && 'it acted',
  };
}

/** Resolves when it has happened, or when the time is up. */
async function happens(holds: () => boolean, limitMs: number, hold: Ground['hold']): Promise<void> {
  for (const end = Date.now() + limitMs; !holds() && Date.now() < end;) await hold(100);
}

async function restart(one: AppProcess, failpoints?: string): Promise<void> {
  await one.stop();
  one.start(failpoints);
}

async function onBroker(
  stage: Stage,
  planned: PlannedFault,
  work: (broker: Stage['brokers'][number]) => Promise<Stage['brokers'][number]>,
): Promise<Done> {
  const index = planned.target % stage.brokers.length;
  const { pid } = stage.brokers[index]!;
  stage.brokers[index] = await work(stage.brokers[index]!);
  return { target: `broker ${index + 1}`, evidence: stage.brokers[index].pid === pid ? 'stopped' : gone(pid) };
}

/** One broker's line, or those of all: by the parity of the draw. */
const kafkaLines = ({ stage, planned }: Ground): TcpProxy[] =>
  planned.target % 2 === 0 ? stage.brokerProxies : [chosen(stage.brokerProxies, planned)];

const delay = ({ planned }: Ground): Line => ({ delayMs: 20 + (planned.target % 380) });

async function onLine(lines: readonly TcpProxy[], line: Line, { hold }: Ground): Promise<Done> {
  for (const proxy of lines) proxy.set(line);
  await hold();
  const met = lines.reduce((sum, proxy) => sum + proxy.met, 0);
  for (const proxy of lines) proxy.set('up');
  return { target: `${lines.length} lines`, evidence: met > 0 ? `${met} connections` : undefined };
}

const gone = (pid: number): string | undefined => (isAlive(pid) ? undefined : `process ${pid} ended`);
