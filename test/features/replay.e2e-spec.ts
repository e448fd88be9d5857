import { randomUUID } from 'node:crypto';
import { COMM_MODES } from '../../src/config.js';
import { DECLINED_AMOUNT } from '../support/customer.js';
import { openShop, type TestShop } from '../support/shop.js';
import { rewind, topicsOf } from '../support/topics.js';
import { traces } from '../support/traces.js';
import { everythingTried } from '../support/tried.js';

describe.each(COMM_MODES)('in %s', (mode) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop(mode);
  });
  afterAll(() => shop.close());

  /** Orders of every fate; the id of one that was cancelled while nobody could charge it. */
  async function history(): Promise<string> {
    const { customer, ledger } = shop;
    const user = await customer.register();
    await customer.order(user.id);
    await customer.order(user.id, DECLINED_AMOUNT);
    const cancelled = (await customer.order(user.id, 1000)).body.id;
    await shop.settled();
    await customer.cancel(cancelled);
    await ledger.behave('payment', { mode: 'refuse' });
    const uncharged = randomUUID();
    await customer.order(user.id, 5000, {}, uncharged);
    await everythingTried(shop);
    await ledger.behave('payment');
    await customer.cancel(uncharged);
    await shop.settled();
    return uncharged;
  }

  it('changes nothing, or charges for a cancelled order, when all topics are read from offset 0 again', async () => {
    const { guarantees } = shop;
    const uncharged = await history();
    const before = await traces(shop);
    await shop.shop.close();
    const groups = await rewind(shop);
    expect(groups > 0).toBe(guarantees.needsBroker);
    shop = await shop.reopen();
    await shop.settled();

    const after = await traces(shop);
    if (guarantees.replayIsHarmless) {
      expect(after).toEqual(before);
      return;
    }
    // What was passed over the first time happens now, when nobody wants it any more.
    const chargesIn = ({ ledger }: typeof before) =>
      ledger.filter((line) => line.kind === 'charge' && line.orderId === uncharged);
    expect(chargesIn(before)).toEqual([]);
    expect(chargesIn(after)).toMatchObject([{ status: 'captured', amount: 5000 }]);
    expect(after.tables.mails).toEqual(before.tables.mails);
    expect(after.tables.orders).toEqual(before.tables.orders);
  });

  it('keeps what it said where it can be read again, or keeps nothing', async () => {
    const { needsBroker, keepsHistory } = shop.guarantees;
    const topics = ['billing', 'dead-letters', 'orders', 'shipping', 'users'];
    expect(await topicsOf(shop)).toEqual(needsBroker ? topics : []);
    expect(keepsHistory).toBe(needsBroker);
    expect(await shop.rows('SELECT * FROM outbox')).toEqual([]);
  });
});
