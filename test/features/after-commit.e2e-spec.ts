import { CacheService } from '../../src/modules/cache/index.js';
import { inEveryMode } from '../support/shop.js';

inEveryMode((open) => {
  it('a step after the commit that fails refuses nothing, parks nothing, and is counted', async () => {
    const shop = open();
    const forget = jest
      .spyOn(shop.shop.app.get(CacheService), 'forget')
      .mockRejectedValue(new Error('The cache does not answer.'));
    const user = await shop.customer.register();
    await shop.settled();
    forget.mockRestore();

    expect(user.id).toBeDefined();
    expect(await shop.rows(`SELECT 1 FROM parked`)).toEqual([]);
    const metrics = (await shop.customer.get<string>('/metrics')).body;
    expect(metrics).toMatch(/^shop_calls_passed_over_total\{[^}]*hearer="cache"[^}]*\} 1$/m);
  });
});
