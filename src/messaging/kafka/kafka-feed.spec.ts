import type { Admin, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { EventCatalogue } from '../event-catalogue.js';
import type { BatchControl, Intake } from '../inbox/intake.js';
import type { Arrival } from '../record.js';
import { KafkaFeed } from './kafka-feed.js';

type Take = (batch: readonly Arrival[], control: BatchControl) => Promise<void>;

/** A feed whose broker is the test: returns what kafkajs would call with each fetched batch. */
async function feedOf(take: Take) {
  let run!: ConsumerRunConfig;
  const consumer = {
    events: {},
    on: () => undefined,
    connect: async () => undefined,
    subscribe: async () => undefined,
    run: async (config: ConsumerRunConfig) => void (run = config),
  };
  const admin = { fetchOffsets: async () => [], fetchTopicOffsets: async () => [] };
  const options = { brokers: [], partitions: 2, replication: 1, retentionMs: 1, prefix: 'p.', maxWaitMs: 1 };
  const intake: Intake = { take, start: async () => undefined, stop: async () => undefined };
  const feed = new KafkaFeed(
    'billing',
    ['orders'],
    { consumer: () => consumer } as unknown as Kafka,
    options,
    'shop',
    new EventCatalogue([]),
    intake,
    async () => admin as unknown as Admin,
  );
  await feed.start();
  return async (heartbeat = async () => undefined as void) => {
    const resolved: string[] = [];
    const message = (offset: number) => ({ offset: String(offset), key: null, value: null, headers: {} });
    const payload = {
      batch: { topic: 'p.orders', partition: 0, messages: [10, 11, 12].map(message) },
      resolveOffset: (offset: string) => resolved.push(offset),
      heartbeat,
      isRunning: () => true,
    };
    const ended = run.eachBatch!(payload as unknown as EachBatchPayload);
    return { resolved, ended };
  };
}

describe('the feed of a subscriber', () => {
  afterEach(() => jest.useRealTimers());

  it('moves the offset over a finished prefix only, in whatever order deliveries end', async () => {
    const steps: string[][] = [];
    const seen: string[] = [];
    const fetch = await feedOf(async (batch, { finished }) => {
      for (const index of [2, 0, 1]) {
        finished(batch[index]!);
        steps.push([...seen]);
      }
    });
    const { resolved, ended } = await fetch();
    resolved.push = (...offsets) => seen.push(...offsets);
    await ended;
    expect([...resolved, ...seen]).toEqual(['10', '12']);
    expect(steps.length).toBe(3);
  });

  it('starts nothing more once its group has given the partition away, and says so to kafkajs', async () => {
    jest.useFakeTimers();
    let go!: () => void;
    const waits = new Promise<void>((resolve) => (go = resolve));
    let control!: BatchControl;
    const fetch = await feedOf((_, given) => {
      control = given;
      return waits;
    });
    const lost = new Error('REBALANCE_IN_PROGRESS');
    const { ended } = await fetch(() => Promise.reject(lost));
    const failed = expect(ended).rejects.toBe(lost);
    expect(control.mayStart()).toBe(true);
    await jest.advanceTimersByTimeAsync(1000);
    expect(control.mayStart()).toBe(false);
    go();
    await failed;
  });

  it('doubts that the partition is its own after a silence that the broker may have taken for its end', async () => {
    jest.useFakeTimers();
    let control!: BatchControl;
    let go!: () => void;
    const fetch = await feedOf((_, given) => {
      control = given;
      return new Promise<void>((resolve) => (go = resolve));
    });
    const { ended } = await fetch();
    // The process was stopped and continued: the clock has moved on, no timer has.
    jest.setSystemTime(Date.now() + 6500);
    expect(control.mayStart()).toBe(false);
    go();
    await ended;
  });
});
