import { Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { OrderConfirmed, OrderPlaced, OrderShipped, type PlacedOrder } from '../../src/contracts/index.js';
import { Delivery, Failure, On, Subscriber } from '../../src/messaging/index.js';
import { openShop, type TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

/** An error that no repetition cures: it waits for a person. */
class WitnessBroken extends Failure {
  readonly code = 'witness_broken';
  readonly retryable = false;
}
class WitnessBusy extends Failure {
  readonly code = 'witness_busy';
  readonly retryable = true;
}

type Fault = 'broken' | 'busy' | 'silent' | undefined;
/** What is wrong with the witness when it hears `order.placed` of an order that costs so much. */
const faults = new Map<number, Fault>();
const heard: [orderId: string, event: string][] = [];
const heardOf = (orderId: string) => heard.flatMap(([id, event]) => (id === orderId ? event : []));

@Subscriber('witness', { from: 'beginning' })
class WitnessSubscriber {
  @On(OrderPlaced) onOrderPlaced(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.note('placed', order, delivery, faults.get(order.total));
  }
  @On(OrderConfirmed) onOrderConfirmed(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.note('confirmed', order, delivery);
  }
  @On(OrderShipped) onOrderShipped(@Payload() order: PlacedOrder, @Ctx() delivery: Delivery) {
    return this.note('shipped', order, delivery);
  }
  private async note(event: string, order: PlacedOrder, delivery: Delivery, fault?: Fault): Promise<void> {
    if (fault === 'broken') throw new WitnessBroken('The witness has no pen: give it one.');
    if (fault === 'busy') throw new WitnessBusy('The witness is busy.');
    if (fault === 'silent') return;
    await delivery.once(async () => void heard.push([order.orderId, event]));
  }
}
@Module({ controllers: [WitnessSubscriber] })
class WitnessModule {}

interface Parked {
  id: string;
  subscriber: string;
  topic: string;
  key: string;
  name: string | null;
  dueAt: string | null;
  attempts: number;
  error: string;
  behind: number;
}
const TOKEN = { authorization: 'Bearer a-token-for-tests-only' };
const ALL = ['placed', 'confirmed', 'shipped'];
let amount = 1000;

describe.each(['async', 'async-local'] as const)('a delivery that fails, in %s', (mode) => {
  let shop: TestShop;
  let user: { id: string };
  beforeAll(async () => {
    shop = await openShop(mode, { additions: { modules: [WitnessModule] } });
    user = await shop.customer.register();
  });
  afterAll(() => shop?.close());

  const parked = async (): Promise<Parked[]> =>
    (await shop.customer.get<{ deliveries: Parked[] }>('/admin/parked', TOKEN)).body.deliveries;
  const redrive = (selection: object) => shop.customer.request('POST', '/admin/parked/redrive', selection, TOKEN);

  /** An order whose `order.placed` meets the fault. */
  async function orderWith(fault: Fault): Promise<{ id: string; total: number }> {
    const total = ++amount;
    faults.set(total, fault);
    const { status, body } = await shop.customer.order(user.id, total);
    expect(status).toBe(201);
    return { id: body.id, total };
  }

  it('parks its key in order, shows why, lets all other keys go on, and finishes in order when it is redriven', async () => {
    const failing = await orderWith('broken');
    const other = await orderWith(undefined);
    await shop.settled();
    expect(heardOf(other.id)).toEqual(ALL);
    expect(heardOf(failing.id)).toEqual([]);
    expect((await shop.customer.read(failing.id)).status).toBe('shipped');
    const lane = { subscriber: 'witness', topic: 'orders', key: failing.id, dueAt: null, attempts: 1 };
    const error = 'witness_broken: The witness has no pen: give it one.';
    expect(await parked()).toMatchObject([
      { ...lane, name: 'order.placed', behind: 0, error },
      { ...lane, name: 'order.confirmed', behind: 1 },
      { ...lane, name: 'order.shipped', behind: 2 },
    ]);
    const metrics = (await shop.customer.get<string>('/metrics')).body;
    expect(metrics).toMatch(/^shop_parked_deliveries\{[^}]*subscriber="witness"[^}]*waits_for="person"[^}]*\} 3$/m);

    // Redriven too early, it fails again, and nobody has overtaken it.
    expect(await redrive({ code: 'witness_broken' })).toMatchObject({ status: 200, body: { lanes: 1 } });
    await shop.settled();
    expect((await parked()).map(({ name }) => name)).toEqual(['order.placed', 'order.confirmed', 'order.shipped']);

    faults.delete(failing.total);
    expect(await redrive({ id: (await parked())[1]!.id })).toMatchObject({ status: 200, body: { lanes: 1 } });
    await shop.settled();
    expect(heardOf(failing.id)).toEqual(ALL);
    expect(await parked()).toEqual([]);
  });

  it('leaves the rest of its key free when a person deletes it, and its mark says so', async () => {
    const { id } = await orderWith('broken');
    await shop.settled();
    const lane = await parked();
    const [head] = await shop.rows<{ event_id: string }>(`SELECT event_id FROM parked WHERE id = $1`, [lane[0]!.id]);
    expect((await shop.customer.request('DELETE', `/admin/parked/${lane[0]!.id}`, undefined, TOKEN)).status).toBe(204);
    await shop.settled();
    expect(heardOf(id)).toEqual(['confirmed', 'shipped']);
    expect(await parked()).toEqual([]);
    const mark = `SELECT outcome FROM inbox WHERE subscriber = 'witness' AND event_id = $1`;
    expect(await shop.rows(mark, [head!.event_id])).toEqual([{ outcome: 'deleted' }]);
  });

  it('waits for a person when its handler returned without its effect', async () => {
    const { id, total } = await orderWith('silent');
    await shop.settled();
    expect((await parked())[0]).toMatchObject({
      key: id,
      dueAt: null,
      error: 'effect_not_committed: The handler of order.placed returned without effects.once().',
    });
    faults.delete(total);
    await redrive({ code: 'effect_not_committed' });
    await shop.settled();
    expect(heardOf(id)).toEqual(ALL);
  });

  it('is repeated by itself when the error says that it can be cured, and is not settled until then', async () => {
    const { id, total } = await orderWith('busy');
    await until('the delivery to have failed in its lane', async () => {
      const [head] = await parked();
      return head !== undefined && head.dueAt !== null && head.attempts > 1;
    });
    const { body } = await shop.customer.get<{ settled: boolean; missing: string[] }>('/admin/settled', TOKEN);
    expect(body).toMatchObject({
      settled: false,
      missing: expect.arrayContaining([expect.stringMatching(/^1 lanes of witness will be retried \(witness_busy: /)]),
    });
    faults.delete(total);
    await shop.settled();
    expect(heardOf(id)).toEqual(ALL);
    expect(await parked()).toEqual([]);
  });
});

describe.each(['sync', 'sync-after-commit'] as const)('in %s, where nothing is delivered,', (mode) => {
  it('a redrive is refused: it could charge an order that was cancelled meanwhile', async () => {
    const shop = await openShop(mode);
    const answer = await shop.customer.request('POST', '/admin/parked/redrive', { code: 'witness_broken' }, TOKEN);
    expect(answer).toMatchObject({ status: 409, body: { code: 'mode_has_no_deliveries' } });
    await shop.close();
  });
});
