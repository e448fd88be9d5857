/** kafkajs offers no reading without a group; its own connections can. */
declare module 'kafkajs/src/cluster/index.js' {
  export interface FetchedRecord {
    offset: string;
    timestamp: string;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer | undefined>;
  }

  interface Leader {
    fetch(request: {
      topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      isolationLevel: number;
    }): Promise<{
      responses: {
        topicName: string;
        partitions: { partition: number; errorCode: number; highWatermark: string; messages: FetchedRecord[] }[];
      }[];
    }>;
  }

  export default class Cluster {
    constructor(options: Record<string, unknown>);
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addMultipleTargetTopics(topics: string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
    findBroker(node: { nodeId: string }): Promise<Leader>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  const createSocketFactory: () => unknown;
  export default createSocketFactory;
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { level: number; logCreator: () => () => void }): unknown };
  export default loggers;
}
