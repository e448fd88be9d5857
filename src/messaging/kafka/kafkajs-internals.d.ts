declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** kafkajs keeps it to itself; only its timer is replaced. */
  export default class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { GroupDescriptions } from 'kafkajs';

  /** One connection to a broker; `leaveGroup` is not offered by the admin client. */
  export default class Broker {
    describeGroups(request: { groupIds: string[] }): Promise<GroupDescriptions>;
    leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  /** What writes every request; only how it takes memory is replaced. */
  export default class Encoder {
    static nextPowerOfTwo(size: number): number;
    buf: Buffer;
    offset: number;
    readonly buffer: Buffer;
    size(): number;
    ensureAvailable(length: number): void;
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeUInt32(value: number): this;
    writeInt64(value: unknown): this;
    writeString(value: string | null): this;
    writeBuffer(value: Buffer): this;
    writeEncoder(value: Encoder): this;
  }
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  import type { Message } from 'kafkajs';
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export interface ProduceRequest {
    acks: number;
    timeout: number;
    compression?: number;
    transactionalId?: string;
    producerId?: unknown;
    producerEpoch?: number;
    topicData: {
      topic: string;
      partitions: { partition: number; messages: Message[]; firstSequence?: number }[];
    }[];
  }

  type Protocol = (given: ProduceRequest) => { request: { encode(): Promise<Encoder> }; response: unknown };

  /** The request that carries records, in each of its versions; each is looked up when it is sent. */
  const produce: { protocol(asked: { version: number | string }): Protocol };
  export default produce;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  const protocol: { requests: { Produce: unknown } };
  export default protocol;
}
