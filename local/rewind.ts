import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Kafka } from 'kafkajs';

const { Kafka: Client, logLevel } = kafkajs;
const LIMIT_MS = 60_000;
/** Nobody else is in such a group: it may be joined. */
const WITHOUT_MEMBERS = new Set(['Empty', 'Dead']);

type Places = { topic: string; partition: number; offset: string }[];

/** Sets a group whose members have all left back by some records in each of its partitions; how many in all. */
export async function rewindGroup(
  brokers: string[],
  groupId: string,
  records: number,
  stopping?: AbortSignal,
): Promise<number> {
  const kafka = new Client({ clientId: 'rewind', brokers, logLevel: logLevel.NOTHING, connectionTimeout: 3000 });
  for (const end = Date.now() + LIMIT_MS; ; await pause(500, undefined, { signal: stopping })) {
    const admin = kafka.admin({ retry: { retries: 2 } });
    try {
      await admin.connect();
      const { groups } = await admin.describeGroups([groupId]);
      if (!groups.every(({ state }) => WITHOUT_MEMBERS.has(state))) throw new Error(`${groupId} is in use.`);
      let rewound = 0;
      const places: Places = [];
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId }))
        for (const { partition, offset } of partitions) {
          const back = Math.min(records, Number(offset));
          if (back <= 0) continue;
          rewound += back;
          places.push({ topic, partition, offset: String(Number(offset) - back) });
        }
      if (places.length > 0) await setOffsets(kafka, groupId, places);
      return rewound;
    } catch (error) {
      // Another fault holds the broker, or a member that was killed is still in the group.
      if (Date.now() > end) throw error;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

/** Joins once for all topics; kafkajs' own `setOffsets` joins, waits and leaves again for each of them. */
async function setOffsets(kafka: Kafka, groupId: string, places: Places): Promise<void> {
  const topics = [...new Set(places.map(({ topic }) => topic))];
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 2 } });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // A seek is committed before the first fetch.
      consumer.on(consumer.events.FETCH, () => void consumer.stop().then(resolve, reject));
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer.run({ eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() }).catch(reject);
      consumer.pause(topics.map((topic) => ({ topic })));
      for (const place of places) consumer.seek(place);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}
