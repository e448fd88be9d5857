import path from 'node:path';
import { appMark } from './app-process.js';
import { brokerMark } from './kafka-broker.js';
import { endProcess, processesWith } from './processes.js';
import { standInsMark } from './stand-ins-process.js';

/** The parts of a home folder. */
export const places = (home: string) => ({
  postgres: path.join(home, 'postgres'),
  kafka: path.join(home, 'kafka'),
  archive: path.join(home, 'kafka-archive'),
  standIns: path.join(home, 'stand-ins'),
});

/** Everything that still runs on this folder, whoever has started it; the database comes last. */
export function leftOvers(home: string): number[] {
  const { postgres, kafka, archive, standIns } = places(home);
  const data = path.join(postgres, 'data');
  const marks = [appMark(home), standInsMark(standIns), brokerMark(archive), brokerMark(kafka), `${data}.new`, data];
  return marks.flatMap(processesWith);
}

/** Ends what still runs on this folder, one after the other, so that the shop finds its database until its end. */
export async function endLeftOvers(home: string, { graceMs = 10_000 } = {}): Promise<number> {
  const pids = leftOvers(home);
  // SIGINT is PostgreSQL's fast stop; the others take it as they take SIGTERM.
  for (const pid of pids) await endProcess(pid, { graceMs, ask: 'SIGINT' });
  return pids.length;
}
