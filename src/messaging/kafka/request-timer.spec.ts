import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { createKafka } from './kafka-client.js';

/** ApiVersions of Kafka's protocol, version 2: the correlation id, no error, no APIs, not throttled. */
const answerTo = (request: Buffer): Buffer => {
  const answer = Buffer.alloc(18);
  answer.writeInt32BE(14, 0);
  request.copy(answer, 4, 8, 12);
  return answer;
};

describe('the request queue of kafkajs', () => {
  let broker: Server;
  beforeEach(async () => {
    // Answers every request with nothing: the client connects, is disappointed, and sits idle.
    broker = createServer((socket) => socket.on('data', (request) => socket.write(answerTo(request))));
    await once(broker.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => new Promise((closed) => broker.close(closed)));

  it('sets no timer while nothing waits, in the copy of kafkajs that clients use', async () => {
    const { port } = broker.address() as AddressInfo;
    const options = { partitions: 1, replication: 1, retentionMs: 1000, prefix: '', maxWaitMs: 250 };
    const { prompt } = createKafka('shop', { brokers: [`127.0.0.1:${port}`], ...options });
    const queues = new Set<RequestQueue>();
    const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
    RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
      queues.add(this);
      schedule.call(this);
    };
    const admin = prompt.admin({ retry: { retries: 0 } });
    await admin.connect().catch(() => undefined);
    const timers = [...queues].map((queue) => queue.throttleCheckTimeoutId);
    // An endless timer would keep this test from ending.
    RequestQueue.prototype.scheduleCheckPendingRequests = () => undefined;
    await admin.disconnect();
    RequestQueue.prototype.scheduleCheckPendingRequests = schedule;
    expect(timers.length).toBeGreaterThan(0);
    expect(timers.filter((timer) => timer !== null)).toEqual([]);
  });
});
