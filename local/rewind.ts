import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const LIMIT_MS = 60_000;

/** Sets a group whose members have all left back by some records in each of its partitions; how many in all. */
export async function rewindGroup(
  brokers: string[],
  groupId: string,
  records: number,
  stopping?: AbortSignal,
): Promise<number> {
  const kafka = new Kafka({ clientId: 'rewind', brokers, logLevel: logLevel.NOTHING, connectionTimeout: 3000 });
  for (const end = Date.now() + LIMIT_MS; ; await pause(500, undefined, { signal: stopping })) {
    const admin = kafka.admin({ retry: { retries: 2 } });
    try {
      await admin.connect();
      let rewound = 0;
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
        const back = partitions
          .map(({ partition, offset }) => ({ partition, now: Number(offset), then: Number(offset) - records }))
          .filter(({ now }) => now > 0)
          .map(({ partition, now, then }) => ({ partition, now, then: Math.max(0, then) }));
        rewound += back.reduce((sum, { now, then }) => sum + now - then, 0);
        const offsets = back.map(({ partition, then }) => ({ partition, offset: String(then) }));
        if (offsets.length > 0) await admin.setOffsets({ groupId, topic, partitions: offsets });
      }
      return rewound;
    } catch (error) {
      // Another fault holds the broker, or a member that was killed is still in the group.
      if (Date.now() > end) throw error;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
