import type { Producer, RecordMetadata } from 'kafkajs';
import type { DirectedMessage, Leaders, Place } from './leaders.js';

/** A send of several arrays failed, and it is not known for which of them. */
export class GatheredSendFailed extends Error {}

interface Gathered extends Place {
  producer: Producer;
  messages: DirectedMessage[];
  resolve(answer: RecordMetadata[]): void;
  reject(error: unknown): void;
}

/**
 * Sends the arrays of partitions that one broker leads in one request: an idempotent producer of kafkajs has one request
 * at a time under way to each broker, for which ten small arrays would queue. Never over two leaders: when one moves, such
 * a send loses records silently (kafkajs issue 1303) or repeats them; an array whose leader is not known goes alone.
 *
 * Whoever sends must look in the answer for its own partition.
 */
export class GatheredSends {
  private readonly waiting = new Map<number, Gathered[]>();
  private readonly busy = new Set<number>();

  constructor(private readonly leaders: Leaders) {}

  /**
   * @throws GatheredSendFailed when the array did not go alone: then it is to be sent alone and unchanged, which tells
   * what is wrong with it; else what kafkajs throws.
   */
  send(producer: Producer, place: Place, messages: DirectedMessage[]): Promise<RecordMetadata[]> {
    const leader = this.leaders.of(place);
    if (leader === undefined) return sendAlone(producer, place, messages);
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(leader) ?? [];
      this.waiting.set(leader, waiting);
      messages[0]!.leader = leader;
      waiting.push({ ...place, producer, messages, resolve, reject });
      // Not at once: the other partitions of the rows that were read are about to come.
      if (waiting.length === 1) queueMicrotask(() => void this.sendWaiting(leader));
    });
  }

  private async sendWaiting(leader: number): Promise<void> {
    if (this.busy.has(leader)) return;
    this.busy.add(leader);
    for (let arrays = this.taken(leader); arrays.length > 0; arrays = this.taken(leader)) await this.sendOnce(arrays);
    this.busy.delete(leader);
  }

  /** What waits for the leader on one producer: arrays of a former one would be refused. */
  private taken(leader: number): Gathered[] {
    const waiting = this.waiting.get(leader) ?? [];
    const taken = waiting.filter(({ producer }) => producer === waiting[0]!.producer);
    this.waiting.set(
      leader,
      waiting.filter(({ producer }) => producer !== waiting[0]!.producer),
    );
    return taken;
  }

  private async sendOnce(arrays: Gathered[]): Promise<void> {
    const { producer } = arrays[0]!;
    try {
      const answer = await producer.sendBatch({ acks: -1, topicMessages: arrays });
      for (const { resolve } of arrays) resolve(answer);
    } catch (cause) {
      this.leaders.forget();
      const error = arrays.length > 1 ? new GatheredSendFailed('Several arrays failed together.', { cause }) : cause;
      for (const { reject } of arrays) reject(error);
    }
  }
}

export function sendAlone(
  producer: Producer,
  { topic }: Place,
  messages: DirectedMessage[],
): Promise<RecordMetadata[]> {
  messages[0]!.leader = undefined;
  return producer.send({ topic, acks: -1, messages });
}
