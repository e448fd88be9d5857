import kafkajs from 'kafkajs';

/** kafkajs is CommonJS: Node finds only some of its names in an ES import. */
export const { ConfigResourceTypes, Kafka, logLevel, Partitioners } = kafkajs;
