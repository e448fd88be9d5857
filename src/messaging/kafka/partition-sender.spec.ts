import type { Message, Producer, ProducerRecord, RecordMetadata } from 'kafkajs';
import { failpoints, FailpointReached, parseFailpoints } from '../failpoints.js';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { GatheredSends } from './gathered-sends.js';
import { Leaders } from './leaders.js';
import { PartitionSender, type SharedProducer } from './partition-sender.js';

const row = (seq: number, payload = '{}'): OutboxRow => ({
  seq: String(seq),
  eventId: `event-${seq}`,
  name: 'order.placed',
  version: '1',
  topic: 'orders',
  key: 'one-key',
  sequence: String(seq),
  payload,
  headers: '{}',
  announcedAt: '2026-01-01T00:00:00.000000Z',
});
const acknowledgedBy = (partition: number): RecordMetadata[] => [{ topicName: 'orders', partition, errorCode: 0 }];
const failure = (type: string) => Object.assign(new Error(type), { type });

const nobodyKnown = () => new GatheredSends(new Leaders());

/** A producer whose sends end as the test says: with the metadata of an answer, or with an error. */
class FakeProducer {
  readonly sends: string[][] = [];
  readonly replaced: unknown[] = [];

  constructor(private readonly answers: (RecordMetadata[] | Error)[]) {}

  readonly shared: SharedProducer = {
    current: () => Promise.resolve(this as unknown as Producer),
    replace: (broken) => Promise.resolve(void this.replaced.push(broken)),
  };

  send({ messages }: ProducerRecord): Promise<RecordMetadata[]> {
    this.sends.push(messages.map(({ value }) => String(value)));
    const answer = this.answers.shift() ?? acknowledgedBy(0);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

/** Sends the rows, and `later` ones while the first send is under way; resolves when all are acknowledged. */
function send(producer: FakeProducer, rows: OutboxRow[], later: OutboxRow[] = []): Promise<string[]> {
  const acknowledged: string[] = [];
  return new Promise((resolve) => {
    const toMessage = ({ payload, seq }: OutboxRow): Message => ({ value: payload === '{}' ? seq : payload });
    const target = { topic: 'orders', partition: 0 };
    const sender = new PartitionSender(
      'orders',
      target,
      producer.shared,
      nobodyKnown(),
      toMessage,
      (seqs) => {
        acknowledged.push(...seqs);
        if (acknowledged.length === rows.length + later.length) resolve(acknowledged);
      },
      () => undefined,
    );
    for (const one of rows) sender.push(one);
    sender.flush();
    for (const one of later) sender.push(one);
    sender.flush();
  });
}

describe('the sender of a partition', () => {
  afterEach(() => failpoints.arm([]));

  it('sends an array that failed again exactly as it was, before anything else', async () => {
    const producer = new FakeProducer([new Error('the broker was killed'), new Error('and again')]);
    expect(await send(producer, [row(1), row(2)], [row(3), row(4)])).toEqual(['1', '2', '3', '4']);
    expect(producer.sends).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(producer.replaced).toEqual([]);
  });

  it('takes nothing for acknowledged but an answer that names the partition, without an error', async () => {
    const producer = new FakeProducer([[], acknowledgedBy(1), [{ topicName: 'orders', partition: 0, errorCode: 7 }]]);
    expect(await send(producer, [row(1)])).toEqual(['1']);
    expect(producer.sends).toHaveLength(4);
  });

  it.each(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID', 'DUPLICATE_SEQUENCE_NUMBER'])(
    'asks for a new producer after %s, which the old one never leaves, and for none after a time-out',
    async (type) => {
      const producer = new FakeProducer([failure('REQUEST_TIMED_OUT'), failure(type)]);
      await send(producer, [row(1)]);
      expect(producer.replaced).toEqual([producer]);
    },
  );

  it('halves an array that the broker finds too large, in order', async () => {
    const producer = new FakeProducer([failure('MESSAGE_TOO_LARGE')]);
    expect(await send(producer, [row(1), row(2), row(3)])).toEqual(['1', '2', '3']);
    expect(producer.sends).toEqual([['1', '2', '3'], ['1', '2'], ['3']]);
  });

  it('keeps an array below the size that a broker takes as one batch', async () => {
    const large = 'x'.repeat(300 * 1024);
    const producer = new FakeProducer([]);
    await send(producer, [row(1, large), row(2, large), row(3, large)]);
    expect(producer.sends.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('ends the leadership, and not the process, when something fails after the acknowledgement', async () => {
    failpoints.arm(parseFailpoints('relay.after-acknowledgement:throw@1'));
    const producer = { send: async () => [{ topicName: 'orders', partition: 0, errorCode: 0 }] } as unknown as Producer;
    const shared = { current: async () => producer, replace: async () => undefined };
    const acknowledged: string[] = [];
    const failure = await new Promise<Error>((onFailed) => {
      const sender = new PartitionSender(
        'orders',
        { topic: 'orders', partition: 0 },
        shared,
        nobodyKnown(),
        () => ({ value: null }),
        (seqs) => acknowledged.push(...seqs),
        onFailed,
      );
      sender.push(row(1));
      sender.flush();
    });
    expect(failure).toBeInstanceOf(FailpointReached);
    expect(acknowledged).toEqual([]);
  });
});
