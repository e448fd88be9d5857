import type { DataSource } from 'typeorm';
import { unpackHeaders, type CarriedRecord } from '../record.js';
import type { Lane } from './parking.js';

/** The oldest parked delivery of a lane, as it came from its carrier. */
export interface LaneHead {
  id: string;
  record: CarriedRecord;
}

/** Only the head of a lane is ever run; undefined when the lane is empty. */
export async function readHead(db: DataSource, subscriber: string, lane: Lane): Promise<LaneHead | undefined> {
  const [stored]: StoredRecord[] = await db.query(
    `SELECT id, record_key AS key, value, headers, partition, "offset" FROM parked
     WHERE subscriber = $1 AND topic = $2 AND key = $3 ORDER BY id LIMIT 1`,
    [subscriber, lane.topic, lane.key],
  );
  if (!stored) return undefined;
  const { id, headers, ...record } = stored;
  return { id, record: { ...record, topic: lane.topic, headers: unpackHeaders(headers) } };
}

interface StoredRecord {
  id: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Buffer;
  partition: number;
  offset: string;
}
