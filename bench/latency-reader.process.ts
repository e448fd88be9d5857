import { kafkaOf } from './neighbours.js';
import type { Times } from './latency-writer.process.js';

/** Notes when each record of a topic can be read; says so when it has joined, and again when it has read enough. */
const consumer = kafkaOf(process.env.KAFKA_BROKERS!).consumer({
  groupId: `reader-${process.pid}`,
  maxWaitTimeInMs: 100,
});
const expected = Number(process.env.EXPECTED);
const times: Times = [];
consumer.on(consumer.events.GROUP_JOIN, () => process.send!([]));
await consumer.connect();
await consumer.subscribe({ topics: [process.env.BENCH_TOPIC!], fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    const at = Number(process.hrtime.bigint()) / 1e6;
    for (const { headers } of batch.messages) times.push([String(headers?.ce_id), at]);
    if (times.length >= expected) process.send!(times);
  },
});
process.on('disconnect', () => process.exit(0));
