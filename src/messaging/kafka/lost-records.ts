import type { Admin } from 'kafkajs';
import { Failure } from '../failure.js';

/** The topic has dropped records that a group had not read. */
export class RecordsLost extends Failure {
  readonly code = 'records_lost';
  readonly retryable = false;

  constructor(missing: number, place: string, groupId: string) {
    super(
      `${missing} records of ${place} were deleted before ${groupId} read them: restore them, or set the group's offset to the log's start to go on without them.`,
    );
  }
}

/**
 * A committed offset below the log's start means that retention was faster than the subscriber; kafkajs would go on at
 * the start without a word.
 * @throws RecordsLost with how many, and how a person lets the subscriber go on without them.
 */
export async function refuseLostRecords(admin: Admin, groupId: string, topics: readonly string[]): Promise<void> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  for (const { topic, partitions } of committed) {
    const starts = await startsOf(admin, topic);
    for (const { partition, offset } of partitions) {
      const missing = (starts.get(partition) ?? 0) - Number(offset);
      if (Number(offset) >= 0 && missing > 0) throw new RecordsLost(missing, `${topic}/${partition}`, groupId);
    }
  }
}

/** Where the log of each partition begins. */
export async function startsOf(admin: Admin, topic: string): Promise<ReadonlyMap<number, number>> {
  return new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, low }) => [partition, Number(low)]));
}
