import pg from 'pg';
import { inEveryMode, type TestShop } from '../support/shop.js';
import { everythingTried } from '../support/tried.js';
import { until } from '../support/until.js';

/** Lets nobody become a contact until the returned function is called: the event of a new user cannot have its effect. */
async function holdContacts(shop: TestShop): Promise<() => Promise<void>> {
  const client = new pg.Client(shop.env.DATABASE_URL);
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE contacts IN EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

inEveryMode((open) => {
  it('keeps the mails of an order until it knows the address of its user, and sends them in order then', async () => {
    const { customer, ledger, guarantees } = open();
    const early = await customer.register();
    await open().settled();

    const release = await holdContacts(open());
    const registering = customer.register();
    if (guarantees.effectsVisibleOnReturn) {
      // Whoever can order is known already: the registration itself waits for its effects.
      await until('the registration to wait', async () => (await waitingForContacts(open())) > 0);
      await release();
    }
    const late = await registering;
    const { id } = (await customer.order(late.id)).body;
    const other = (await customer.order(early.id)).body.id;
    if (!guarantees.effectsVisibleOnReturn) {
      await until('both orders to be shipped', async () => {
        const orders = [await customer.read(id), await customer.read(other)];
        return orders.every(({ status }) => status === 'shipped');
      });
      await until('the mails of the other order', async () => (await ledger.subjects(early.email)).length === 3);
      await everythingTried(open(), 'orders');
      expect(await ledger.subjects(late.email)).toEqual(['Welcome to the shop']);
      const lanes = await open().rows(`SELECT key, depth, split_part(error, ':', 1) AS code FROM parked_key`);
      expect(lanes).toEqual(guarantees.effectsSurviveKill ? [{ key: id, depth: 2, code: 'contact_unknown' }] : []);
      await release();
    }

    await open().settled();
    const mails = ['Welcome to the shop', `We have your order ${id}`, `Your order ${id} is confirmed`];
    const kept = guarantees.effectsVisibleOnReturn || guarantees.effectsSurviveKill;
    expect(await ledger.subjects(late.email)).toEqual(kept ? mails : mails.slice(0, 1));
    expect(await open().rows('SELECT * FROM parked')).toEqual([]);
  });
});

async function waitingForContacts(shop: TestShop): Promise<number> {
  const rows = await shop.rows(
    `SELECT 1 FROM pg_locks WHERE relation = 'contacts'::regclass AND NOT granted AND database =
       (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows.length;
}
