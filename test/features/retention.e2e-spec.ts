import { readConfig } from '../../src/config.js';
import { createShop } from '../../src/create-shop.js';
import { PruningService } from '../../src/operations/pruning.service.js';
import { openShop, type TestShop } from '../support/shop.js';

interface Parked {
  deliveries: { subscriber: string; error: string; dueAt: string | null }[];
}

describe('what is forgotten by the inbox', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop('async-local');
  });
  afterAll(() => shop.close());

  it('keeps marks and answers for as long as a repeat may come', async () => {
    const user = await shop.customer.register();
    await shop.customer.order(user.id, 700, { 'idempotency-key': 'kept' });
    await shop.settled();
    const before = await shop.rows(`SELECT count(*)::int AS marks FROM inbox`);

    await shop.shop.app.get(PruningService).prune();

    expect(await shop.rows(`SELECT count(*)::int AS marks FROM inbox`)).toEqual(before);
    expect(await shop.rows(`SELECT key FROM idempotency_key`)).toEqual([{ key: 'kept' }]);
  });

  it('parks an event that comes again after its mark was pruned, instead of applying it twice', async () => {
    const user = await shop.customer.register();
    const { body } = await shop.customer.order(user.id, 900);
    await shop.settled();
    const charges = await shop.ledger.deeds(body.id, 'charge');
    const [row] = await shop.rows<{ event_id: string }>(
      `SELECT event_id FROM inbox WHERE subscriber = 'billing' ORDER BY marked_at DESC LIMIT 1`,
    );

    // Fifteen days pass for the marks, and the event is announced as long ago.
    await shop.rows(`UPDATE inbox SET marked_at = marked_at - interval '15 days'`);
    await shop.rows(`UPDATE idempotency_key SET created_at = created_at - interval '15 days'`);
    await shop.shop.app.get(PruningService).prune();
    expect(await shop.rows(`SELECT 1 FROM inbox`)).toEqual([]);
    expect(await shop.rows(`SELECT 1 FROM idempotency_key`)).toEqual([]);
    const order = await shop.customer.read(body.id);
    const { id: orderId, status: _, ...rest } = order;
    await shop.rows(
      `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers, announced_at)
       VALUES ($1, 'order.placed', 1, 'orders', $2, 1, $3, '{}', clock_timestamp() - interval '15 days')`,
      [row!.event_id, orderId, JSON.stringify({ orderId, ...rest, sequence: 1 })],
    );
    await shop.settled();

    expect(await shop.ledger.deeds(body.id, 'charge')).toEqual(charges);
    const token = { authorization: `Bearer ${shop.env.ADMIN_TOKEN}` };
    const parked = await shop.customer.get<Parked>('/admin/parked', token);
    expect(parked.body.deliveries).toContainEqual(
      expect.objectContaining({ subscriber: 'billing', dueAt: null, error: expect.stringMatching(/^too_old_to_know/) }),
    );
  });

  it('refuses to keep marks for a shorter time than the topics keep events', async () => {
    const settings = { ...shop.env, INBOX_RETENTION: '1d', TOPIC_RETENTION: '7d' };
    expect(() => readConfig(settings)).toThrow(/INBOX_RETENTION is shorter than TOPIC_RETENTION/);
    await expect((async () => createShop(readConfig(settings)))()).rejects.toThrow(/make it at least as long/);
  });
});
