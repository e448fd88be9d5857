import type { Message } from 'kafkajs';
import { LeaderMoved, Leaders, type DirectedMessage } from './leaders.js';

const place = (partition: number) => ({ topic: 'orders', partition });
const led = (...leaders: number[]) =>
  leaders.map((leader, partitionId) => ({ partitionId, leader, partitionErrorCode: 0, replicas: [], isr: [] }));

/** What kafkajs asks for each message that it sends, with what it knows of the leaders. */
function sendOf(leaders: Leaders) {
  const choose = leaders.partitioner();
  return (message: Partial<DirectedMessage>, known: number[]) =>
    choose({ topic: 'orders', partitionMetadata: led(...known), message: message as Message });
}

describe('who leads a partition', () => {
  it('is unknown until the first send, and then what kafkajs goes by; the partition is the one that was chosen', () => {
    const leaders = new Leaders();
    const send = sendOf(leaders);
    expect(leaders.of(place(0))).toBeUndefined();
    expect(send({ partition: 2 }, [3, -1, 5])).toBe(2);
    expect([0, 1, 2].map((partition) => leaders.of(place(partition)))).toEqual([3, undefined, 5]);
  });

  it('is found to have moved before anything is sent, and is known then', () => {
    const leaders = new Leaders();
    const send = sendOf(leaders);
    expect(send({ partition: 1, leader: 3 }, [3, 3])).toBe(1);
    expect(() => send({ partition: 1, leader: 3 }, [3, 4])).toThrow(LeaderMoved);
    expect(leaders.of(place(1))).toBe(4);
  });

  it('is unknown again after a send that failed', () => {
    const leaders = new Leaders();
    sendOf(leaders)({ partition: 0 }, [3]);
    leaders.forget();
    expect(leaders.of(place(0))).toBeUndefined();
  });
});
