import fc from 'fast-check';
import { Partitioners } from './kafkajs.js';
import { partitionOf } from './partition-of.js';

const kafkajs = Partitioners.DefaultPartitioner();
const chosenByKafkajs = (key: string, count: number) =>
  kafkajs({
    topic: 'orders',
    partitionMetadata: Array.from({ length: count }, (_, partitionId) => ({
      partitionId,
      leader: 0,
      isr: [],
      offlineReplicas: [],
      partitionErrorCode: 0,
      replicas: [],
    })),
    message: { key, value: null },
  });

describe('the partition of a key', () => {
  it('is the one that kafkajs chooses', () => {
    const keys = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 50 }), (key, count) => {
        expect(partitionOf(key, count)).toBe(chosenByKafkajs(key, count));
      }),
      { numRuns: 2000 },
    );
  });

  it('is the one that the client of Kafka chooses', () => {
    // The hashes of these texts stand in the tests of Apache Kafka (UtilsTest.testMurmur2).
    const most = 0x7fffffff;
    expect(partitionOf('21', most)).toBe((-973932308 & most) % most);
    expect(partitionOf('foobar', most)).toBe((-790332482 & most) % most);
    expect(partitionOf('a-little-bit-long-string', most)).toBe((-985981536 & most) % most);
    expect(partitionOf('a-little-bit-longer-string', most)).toBe((-1486304829 & most) % most);
  });
});
