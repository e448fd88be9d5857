import type { Type } from '@nestjs/common';
import { callsDirectly, COMM_MODES } from '../../src/config.js';
import { CREATE_LOYALTY_POINTS, LoyaltyPoints } from '../support/loyalty/loyalty-points.entity.js';
import { LoyaltyModule } from '../support/loyalty/loyalty.module.js';
import { NamedLoyaltyModule } from '../support/loyalty/named-loyalty.module.js';
import { openShop, type TestShop } from '../support/shop.js';

describe.each(COMM_MODES)('in %s', (mode) => {
  let shop: TestShop;
  let userId: string;
  beforeAll(async () => {
    shop = await openShop(mode);
    await shop.rows(CREATE_LOYALTY_POINTS);
    userId = (await shop.customer.register()).id;
  });
  afterAll(() => shop.close());

  async function order(amount: number): Promise<string> {
    const { status, body } = await shop.customer.order(userId, amount);
    expect(status).toBe(201);
    await shop.settled();
    return body.id;
  }
  async function reopenWith(module: Type): Promise<void> {
    shop = await shop.reopen({ additions: { modules: [module], entities: [LoyaltyPoints] } });
    await shop.settled();
  }
  const points = async () =>
    new Map(
      (await shop.rows<LoyaltyPoints & { order_id: string }>(`SELECT * FROM loyalty_points`)).map((row) => [
        row.order_id,
        row.points,
      ]),
    );

  it('lets a module that comes later hear orders, and those from before its time where history is kept', async () => {
    const { guarantees } = shop;
    const earlier = [await order(1200), await order(3400)];
    await reopenWith(LoyaltyModule);
    const later = await order(5600);
    const heard = await points();

    expect(heard.has(later)).toBe(!guarantees.newSubscriberTouchesPublisher);
    expect(earlier.map((id) => heard.get(id))).toEqual(guarantees.keepsHistory ? [12, 34] : [undefined, undefined]);
    expect(heard.size).toBe((heard.has(later) ? 1 : 0) + (guarantees.keepsHistory ? 2 : 0));
  });

  it('lets it hear orders where modules call each other once the announcer names it', async () => {
    expect(shop.guarantees.newSubscriberTouchesPublisher).toBe(callsDirectly(mode));
    const before = await points();
    await reopenWith(callsDirectly(mode) ? NamedLoyaltyModule : LoyaltyModule);
    // What was heard before the restart is not heard again, and nothing of the past is made up for.
    expect(await points()).toEqual(before);
    const id = await order(7800);
    expect(await points()).toEqual(new Map([...before, [id, 78]]));
  });
});
