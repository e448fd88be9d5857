import { LaneLost } from '../delivery.js';
import type { EventContract } from '../event.js';
import { Failure } from '../failure.js';
import { Patience } from '../patience.js';
import type { Arrival } from '../record.js';
import { BatchStarts } from './batch-starts.js';
import type { BatchControl } from './intake.js';
import type { LookUp } from './inbox.js';
import { Lanes } from './lanes.js';
import { MarkedIntake, type IntakeParts } from './marked-intake.js';
import { OutageBrake } from './outage-brake.js';

const placed = { name: 'order.placed', topic: 'orders' } as EventContract;

function arrival(offset: number, key: string, announcedAt = new Date()): Arrival {
  const record = { topic: 'orders', partition: 0, offset: String(offset), key: null, value: null, headers: {} };
  const content = { event: placed, data: {} };
  return { record, key, eventId: `event-${offset}`, name: 'order.placed', announcedAt, content };
}

class Refused extends Failure {
  readonly code = 'refused';
  readonly retryable = false;
}
class Away extends Failure {
  readonly code = 'away';
  readonly retryable = true;
}

interface Given {
  known?: Partial<LookUp>;
  since?: Date;
  /** What the handler's runs of a delivery end with, by event id. */
  outcome?: (id: string) => Promise<Error | undefined> | Error | undefined;
  /** How often this batch has begun, this time included. */
  starts?: number;
  mayStart?: () => boolean;
}

/** The intake with a handler and tables that the test plays. */
async function intake({ known = {}, since = new Date(0), outcome = () => undefined, starts = 0, mayStart }: Given) {
  const seen = { run: [] as string[], failed: [] as string[], queued: [] as string[], finished: [] as string[] };
  const counted = new BatchStarts('billing');
  counted.note = () => Promise.resolve(starts);
  counted.clear = () => Promise.resolve();
  const parts: Partial<Record<keyof IntakeParts, unknown>> = {
    subscriber: { name: 'billing', from: 'beginning', commit: 'each', events: new Map([['order.placed', placed]]) },
    inbox: {
      lookUp: () => Promise.resolve({ done: new Set(), parkedLanes: new Set(), horizon: new Date(0), ...known }),
    },
    parking: {
      fail: ({ eventId }: Arrival, { code }: Failure) => Promise.resolve(void seen.failed.push(`${eventId} ${code}`)),
      queue: ({ eventId }: Arrival) => Promise.resolve(void seen.queued.push(eventId)),
    },
    runner: {
      run: ({ eventId }: Arrival) => Promise.resolve(void seen.run.push(eventId)).then(() => outcome(eventId)),
    },
    starts: counted,
    lanes: new Lanes(16),
    brake: new OutageBrake(),
    patience: new Patience(),
    retries: { start: () => undefined, stop: () => Promise.resolve() },
    startOf: () => Promise.resolve(since),
  };
  const made = new MarkedIntake(parts as unknown as IntakeParts);
  await made.start();
  const control: BatchControl = {
    first: starts > 0,
    mayStart: mayStart ?? (() => true),
    finished: ({ eventId }) => seen.finished.push(eventId),
  };
  return { ...seen, take: (...batch: Arrival[]) => made.take(batch, control) };
}

describe('the intake', () => {
  it('lets the offset pass a delivery when it has had its effect, and not before', async () => {
    let end!: (error: undefined) => void;
    const work = new Promise<undefined>((resolve) => (end = resolve));
    const { take, run, finished } = await intake({ outcome: () => work });
    const taken = take(arrival(1, 'a'));
    await new Promise(setImmediate);
    expect({ run, finished }).toEqual({ run: ['event-1'], finished: [] });
    end(undefined);
    await taken;
    expect(finished).toEqual(['event-1']);
  });

  it('parks a delivery that fails, and everything of its key behind it, while other keys go on', async () => {
    const fails = (id: string) => (id === 'event-1' ? new Refused('a card that nobody takes') : undefined);
    const { take, run, failed, queued, finished } = await intake({ outcome: fails });
    await take(arrival(1, 'a'), arrival(2, 'b'), arrival(3, 'a'));
    expect(run).toEqual(['event-1', 'event-2']);
    expect(failed).toEqual(['event-1 refused']);
    expect(queued).toEqual(['event-3']);
    expect(finished.sort()).toEqual(['event-1', 'event-2', 'event-3']);
  });

  it('queues an arrival behind deliveries of its key that were parked before', async () => {
    const { take, run, queued } = await intake({ known: { parkedLanes: new Set(['orders/a']) } });
    await take(arrival(1, 'a'), arrival(2, 'b'));
    expect({ run, queued }).toEqual({ run: ['event-2'], queued: ['event-1'] });
  });

  it('runs nothing that has its mark, nor the same event twice', async () => {
    const { take, run, finished } = await intake({ known: { done: new Set(['event-1']) } });
    const repeat = arrival(2, 'a');
    await take(arrival(1, 'a'), repeat, { ...repeat });
    expect(run).toEqual(['event-2']);
    expect(finished).toEqual(['event-1', 'event-2', 'event-2']);
  });

  it('parks what is older than the marks that are kept, instead of applying it twice', async () => {
    const { take, run, failed } = await intake({ known: { horizon: new Date('2026-01-02') } });
    await take(arrival(1, 'a', new Date('2026-01-01')), arrival(2, 'b', new Date('2026-01-03')));
    expect({ run, failed }).toEqual({ run: ['event-2'], failed: ['event-1 too_old_to_know'] });
  });

  it('passes over what was announced before the first start of a subscriber from now', async () => {
    const { take, run, finished } = await intake({ since: new Date('2026-01-02') });
    await take(arrival(1, 'a', new Date('2026-01-01')), arrival(2, 'a', new Date('2026-01-03')));
    expect(run).toEqual(['event-2']);
    expect(finished).toEqual(['event-1', 'event-2']);
  });

  it('starts nothing more of a lane once it was told to stop, though it may start again later', async () => {
    const answers = [true, false, true];
    const { take, run, finished } = await intake({ mayStart: () => answers.shift() ?? true });
    await take(arrival(1, 'a'), arrival(2, 'a'), arrival(3, 'a'));
    expect({ run, finished }).toEqual({ run: ['event-1'], finished: ['event-1'] });
  });

  it('neither repeats, parks nor passes over what it has lost on the way, nor goes on behind it', async () => {
    let mine = true;
    const loses = () => ((mine = false), new LaneLost('another process has taken it over'));
    const { take, run, failed, queued, finished } = await intake({ outcome: loses, mayStart: () => mine });
    await take(arrival(1, 'a'), arrival(2, 'a'));
    expect({ run, failed, queued, finished }).toEqual({ run: ['event-1'], failed: [], queued: [], finished: [] });
  });

  it('parks what claims to be lost where nothing was lost, instead of reading it for ever', async () => {
    const { take, failed } = await intake({ outcome: () => new LaneLost('the time of this run is up') });
    await take(arrival(1, 'a'));
    expect(failed).toEqual(['event-1 lane_lost']);
  });

  it('repeats a delivery once at once when it may help, and parks it then', async () => {
    const { take, run, failed } = await intake({ outcome: () => new Away('nobody answers') });
    await take(arrival(1, 'a'));
    expect({ run, failed }).toEqual({ run: ['event-1', 'event-1'], failed: ['event-1 away'] });
  });

  it('parks the delivery that has ended its process five times, to be tried alone', async () => {
    const { take, run, failed } = await intake({ starts: 6 });
    await take(arrival(1, 'a'));
    expect({ run, failed }).toEqual({ run: [], failed: ['event-1 handler_suspected'] });
  });

  it('keeps arrivals in the topic after 20 keys in a row have failed alike, until something succeeds', async () => {
    let asked = 0;
    // The process is told to stop when the brake holds: otherwise it would wait for ever.
    const { take, failed } = await intake({ outcome: () => new Away('down'), mayStart: () => ++asked < 200 });
    await take(...Array.from({ length: 60 }, (_, n) => arrival(n, `key-${n}`)));
    expect(failed.length).toBeGreaterThanOrEqual(20);
    // Those that ran side by side when the twentieth failed.
    expect(failed.length).toBeLessThan(20 + 16);
  });
});
