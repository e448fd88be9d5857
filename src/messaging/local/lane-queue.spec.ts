import type { Arrival } from '../record.js';
import { LaneQueue } from './lane-queue.js';

interface Taken {
  names: string;
  first: boolean;
  finish: (name: string) => void;
  end: () => void;
}

const arrival = (name: string) => ({ key: name[0], record: { topic: 'orders', offset: name } }) as unknown as Arrival;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A queue whose batches end when the test says so; `a1` is the first delivery of the lane `a`. */
function queueOf(sideBySide: number) {
  const taken: Taken[] = [];
  const queue = new LaneQueue((batch, { first, finished }) => {
    const names = batch.map(({ record }) => record.offset);
    return new Promise<void>((end) => {
      const finish = (name: string) => finished(batch[names.indexOf(name)]!);
      taken.push({ names: names.join(' '), first, finish, end });
    });
  }, sideBySide);
  const add = (...names: string[]) => queue.add(names.map(arrival));
  const done = async (index: number) => {
    for (const name of taken[index]!.names.split(' ')) taken[index]!.finish(name);
    taken[index]!.end();
    await turn();
  };
  return { queue, taken, add, done, names: () => taken.map(({ names }) => names) };
}

/** The first batch of a leadership runs alone; this one has ended. */
async function begun(sideBySide = 4) {
  const all = queueOf(sideBySide);
  all.queue.start();
  all.add('z1');
  await all.done(0);
  all.taken.length = 0;
  return all;
}

describe('the deliveries of a subscriber that wait', () => {
  it('do not wait for a slow one of another lane', async () => {
    const { add, names } = await begun();
    add('a1');
    add('b1');
    add('c1');
    expect(names()).toEqual(['a1', 'b1', 'c1']);
  });

  it('wait for all that is before them in their own lane', async () => {
    const { add, names, taken } = await begun();
    add('a1', 'a2', 'b1');
    add('a3', 'c1');
    add('a4');
    expect(names()).toEqual(['a1 a2 b1', 'c1']);
    taken[0]!.finish('a1');
    expect(names()).toHaveLength(2);
    taken[0]!.finish('a2');
    expect(names()).toEqual(['a1 a2 b1', 'c1', 'a3 a4']);
  });

  it('come together in one batch when so many run as may', async () => {
    const { add, names, done } = await begun(2);
    for (const name of ['a1', 'b1', 'c1', 'd1']) add(name);
    expect(names()).toEqual(['a1', 'b1']);
    await done(1);
    expect(names()).toEqual(['a1', 'b1', 'c1 d1']);
  });

  it('wait for the first batch of a leadership, which runs alone, and for the start', async () => {
    const { queue, add, names, taken, done } = queueOf(4);
    add('a1');
    expect(names()).toEqual([]);
    queue.start();
    add('b1');
    add('c1');
    expect(names()).toEqual(['a1']);
    await done(0);
    expect(taken.map(({ names, first }) => [names, first])).toEqual([
      ['a1', true],
      ['b1 c1', false],
    ]);
  });

  it('stay where they are once it is closed, which waits for those that run', async () => {
    const { queue, add, names, done } = await begun(1);
    add('a1');
    add('b1');
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await turn();
    expect(closed).toBe(false);
    await done(0);
    await closing;
    expect(names()).toEqual(['a1']);
  });
});
