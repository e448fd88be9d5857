import type { Message, Producer, ProducerBatch, ProducerRecord, RecordMetadata } from 'kafkajs';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { GatheredSends } from './gathered-sends.js';
import type { Leaders, Place } from './leaders.js';
import { PartitionSender } from './partition-sender.js';

/** Partitions 0 and 1 are led by broker 1, partition 2 by broker 2. */
const LEADERS = [1, 1, 2];
const known = { of: ({ partition }: Place) => LEADERS[partition], forget: () => undefined };

/** Takes a request part by part, and answers when it is told to; `refuses` says which part fails the whole. */
class FakeProducer {
  readonly requests: string[][] = [];
  readonly replaced: unknown[] = [];
  private held: (() => void)[] = [];

  constructor(
    private readonly refuses: (place: string, request: number) => string | undefined = () => undefined,
    private readonly holds = false,
  ) {}

  send({ topic, messages }: ProducerRecord) {
    return this.sendBatch({ topicMessages: [{ topic, messages }] });
  }

  async sendBatch({ topicMessages = [] }: ProducerBatch): Promise<RecordMetadata[]> {
    const request = this.requests.length;
    const places = topicMessages.map(({ topic, messages }) => `${topic}/${messages[0]!.partition}`);
    const said = ({ messages }: { messages: Message[] }) => messages.map(({ value }) => String(value)).join('+');
    this.requests.push(topicMessages.map((array, n) => `${places[n]} ${said(array)}`));
    await new Promise(setImmediate);
    if (this.holds) await new Promise<void>((resolve) => this.held.push(resolve));
    const type = places.map((place) => this.refuses(place, request)).find((refused) => refused);
    if (type) throw Object.assign(new Error(type), { type });
    return topicMessages.map(({ topic, messages }) => ({
      topicName: topic,
      partition: messages[0]!.partition!,
      errorCode: 0,
    }));
  }

  answer(): void {
    for (const resolve of this.held.splice(0)) resolve();
  }
}

function shop(producer: FakeProducer) {
  const gathered = new GatheredSends(known as unknown as Leaders);
  const shared = {
    current: () => Promise.resolve(producer as unknown as Producer),
    replace: (broken: Producer) => Promise.resolve(void producer.replaced.push(broken)),
  };
  const acknowledged: string[] = [];
  const sender = (topic: string, partition: number) =>
    new PartitionSender(
      topic,
      { topic, partition },
      shared,
      gathered,
      ({ seq }) => ({ value: seq, partition }),
      (seqs) => acknowledged.push(...seqs),
      () => undefined,
    );
  return { acknowledged, sender };
}

const row = (seq: string): OutboxRow => ({ seq, payload: '{}', headers: '{}' }) as OutboxRow;

function push(sender: PartitionSender, ...seqs: string[]): void {
  for (const seq of seqs) sender.push(row(seq));
  sender.flush();
}

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};

describe('arrays of partitions with one leader', () => {
  it('go in one request, and never over two leaders: one that spans two loses records when a leader moves', async () => {
    const producer = new FakeProducer();
    const { acknowledged, sender } = shop(producer);
    push(sender('orders', 0), 'a', 'b');
    push(sender('orders', 1), 'c');
    push(sender('orders', 2), 'd');
    push(sender('billing', 0), 'e');
    await turns();
    expect(producer.requests).toEqual([['orders/0 a+b', 'orders/1 c', 'billing/0 e'], ['orders/2 d']]);
    expect(acknowledged.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('gather while a request to their leader is under way', async () => {
    const producer = new FakeProducer(undefined, true);
    const { acknowledged, sender } = shop(producer);
    push(sender('orders', 0), 'a');
    await turns();
    push(sender('orders', 1), 'b');
    push(sender('billing', 1), 'c');
    await turns();
    expect(producer.requests).toEqual([['orders/0 a']]);
    producer.answer();
    await turns();
    expect(producer.requests.slice(1)).toEqual([['orders/1 b', 'billing/1 c']]);
    producer.answer();
    await turns();
    expect(acknowledged).toEqual(['a', 'b', 'c']);
  });

  it('go alone and unchanged after a request that failed, so that one that is refused holds no other', async () => {
    const producer = new FakeProducer((place) => (place === 'orders/1' ? 'NOT_ENOUGH_REPLICAS' : undefined));
    const { acknowledged, sender } = shop(producer);
    const failing = sender('orders', 1);
    push(sender('orders', 0), 'a');
    push(failing, 'b', 'c');
    push(sender('billing', 0), 'd');
    await turns();
    failing.stop();
    expect(producer.requests[0]).toEqual(['orders/0 a', 'orders/1 b+c', 'billing/0 d']);
    expect(producer.requests.slice(1)).toEqual([['orders/0 a'], ['orders/1 b+c'], ['billing/0 d']]);
    expect(acknowledged.sort()).toEqual(['a', 'd']);
  });

  it('are not halved, and their producer is kept, for what is wrong with another', async () => {
    const producer = new FakeProducer((place, request) =>
      place === 'orders/1' && request < 2 ? 'MESSAGE_TOO_LARGE' : undefined,
    );
    const { acknowledged, sender } = shop(producer);
    push(sender('orders', 0), 'a', 'b');
    push(sender('billing', 0), 'c', 'd');
    push(sender('orders', 1), 'e');
    await turns();
    expect(producer.requests).toContainEqual(['orders/0 a+b']);
    expect(producer.requests).toContainEqual(['billing/0 c+d']);
    expect(producer.replaced).toEqual([]);
    expect(acknowledged.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
