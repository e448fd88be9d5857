import type { EntityManager } from 'typeorm';
import { DeliveryClosed, type Delivery } from '../delivery.js';
import type { EventContract } from '../event.js';
import { Patience } from '../patience.js';
import type { Arrival } from '../record.js';
import type { Transactions } from '../transactions.js';
import { DeliveryRunner } from './delivery-runner.js';
import { Inbox } from './inbox.js';

const arrival: Arrival = {
  record: { topic: 'orders', partition: 0, offset: '1', key: null, value: null, headers: {} },
  key: 'order-1',
  eventId: 'event-1',
  name: 'order.placed',
  content: { event: { name: 'order.placed' } as EventContract, data: {} },
};

/** A table of marks whose transactions commit when their work has succeeded. */
function runnerOf(
  handler: (delivery: Delivery) => Promise<unknown>,
  { timeoutMs = 5000, answerLost = false, onAfterCommitFailure = (_error: unknown): void => undefined } = {},
) {
  const marks = new Set<string>();
  const inbox = new Inbox('billing');
  inbox.mark = async (_tx, id) => !marks.has(id) && !!marks.add(id);
  inbox.isMarked = async (_db, id) => marks.has(id);
  const tx = {} as EntityManager;
  const transactions = {
    dataSource: { manager: tx },
    run: async (work: (tx: EntityManager) => Promise<unknown>) => {
      const result = await work(tx);
      if (answerLost) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      return result;
    },
  } as unknown as Transactions;
  const handle = (_name: string, _data: unknown, delivery: Delivery) => handler(delivery).then(() => undefined);
  return new DeliveryRunner(handle, inbox, transactions, new Patience(), timeoutMs, onAfterCommitFailure);
}
const owner = { mayStart: () => true };

describe('a delivery', () => {
  it('has its effect once although it arrives twice', async () => {
    let effects = 0;
    const runner = runnerOf((delivery) => delivery.once(async () => effects++));
    expect(await runner.run(arrival, owner)).toBeUndefined();
    expect(await runner.run(arrival, owner)).toBeUndefined();
    expect(effects).toBe(1);
  });

  it('refuses a second `once`, and says so: its mark stands, so that parking it could bring nothing back', async () => {
    const effects: string[] = [];
    const failures: unknown[] = [];
    const runner = runnerOf(
      async (delivery) => {
        await delivery.once(async () => effects.push('first'));
        await delivery.once(async () => effects.push('second'));
      },
      { onAfterCommitFailure: (error) => failures.push(error) },
    );
    expect(await runner.run(arrival, owner)).toBeUndefined();
    expect(effects).toEqual(['first']);
    expect(failures).toEqual([expect.any(DeliveryClosed)]);
  });

  it('fails when its handler returns without `once`: nothing would say that it has happened', async () => {
    const runner = runnerOf(async () => undefined);
    expect(await runner.run(arrival, owner)).toMatchObject({ code: 'effect_not_committed', retryable: false });
  });

  it('finds the door shut when its handler comes to `once` after its time was up', async () => {
    let goOn!: () => void;
    const slow = new Promise<void>((resolve) => (goOn = resolve));
    let late: Promise<unknown> | undefined;
    let effects = 0;
    const runner = runnerOf(
      (delivery) => {
        late = slow.then(() => delivery.once(async () => effects++)).catch((error: unknown) => error);
        return late;
      },
      { timeoutMs: 20 },
    );
    expect(await runner.run(arrival, owner)).toMatchObject({ code: 'handler_timed_out' });
    goOn();
    expect(await late).toBeInstanceOf(DeliveryClosed);
    expect(effects).toBe(0);
  });

  it('is run again when PostgreSQL aborted it for the sake of others, and has not failed', async () => {
    const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    const aborts = [deadlock, deadlock];
    let effects = 0;
    const runner = runnerOf(async (delivery) => {
      const abort = aborts.shift();
      if (abort) throw abort;
      await delivery.once(async () => effects++);
    });
    expect(await runner.run(arrival, owner)).toBeUndefined();
    expect({ effects, left: aborts.length }).toEqual({ effects: 1, left: 0 });
  });

  it('has happened when only the answer of its commit was lost, and is not run again', async () => {
    let runs = 0;
    const runner = runnerOf(
      async (delivery) => {
        if (++runs > 1) throw new Error('It ran again.');
        await delivery.once(async () => undefined);
      },
      { answerLost: true },
    );
    expect(await runner.run(arrival, owner)).toBeUndefined();
    expect(runs).toBe(1);
  });

  it('is not to be paid for, or mailed about, by a process that has lost it', async () => {
    const runner = runnerOf((delivery) => delivery.stillMine());
    expect(await runner.run(arrival, { mayStart: () => false })).toMatchObject({ code: 'lane_lost', retryable: true });
    const confirmed = { mayStart: () => true, confirm: () => Promise.resolve(false) };
    expect(await runner.run(arrival, confirmed)).toMatchObject({ code: 'lane_lost' });
  });
});
