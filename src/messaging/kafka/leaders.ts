import type { ICustomPartitioner, Message } from 'kafkajs';

/** One partition of a topic, by its name on the broker. */
export interface Place {
  topic: string;
  partition: number;
}

/** The first message of an array may say which broker its request goes to. */
export interface DirectedMessage extends Message {
  leader?: number;
}

/** A partition of the request is led by another broker than the rest: nothing was sent. */
export class LeaderMoved extends Error {}

/** Which broker leads each partition in the eyes of kafkajs, overheard where it asks for a message's partition. */
export class Leaders {
  private readonly known = new Map<string, (number | undefined)[]>();

  of({ topic, partition }: Place): number | undefined {
    return this.known.get(topic)?.[partition];
  }

  /** For when a send failed: its leader may be another one by now. */
  forget(): void {
    this.known.clear();
  }

  /** For a producer. @throws LeaderMoved in the midst of a send, before anything of it has left. */
  readonly partitioner: ICustomPartitioner =
    () =>
    ({ topic, partitionMetadata, message }) => {
      const { partition = 0, leader } = message as DirectedMessage;
      if (leader === undefined && this.known.has(topic)) return partition;
      const leaders: number[] = [];
      for (const { partitionId, leader: found } of partitionMetadata) if (found >= 0) leaders[partitionId] = found;
      this.known.set(topic, leaders);
      if (leader !== undefined && leaders[partition] !== leader)
        throw new LeaderMoved(`${topic}/${partition} is led by another broker than a moment ago.`);
      return partition;
    };
}
