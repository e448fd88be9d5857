import { Checkout } from '../support/npm-start.js';

const LIMIT_MS = 180_000;
let checkout: Checkout;
beforeEach(async () => {
  checkout = await Checkout.create();
});
afterEach(() => checkout.remove());

it('without a shop, every tool says where to get one', async () => {
  for (const tool of ['parked', 'subscribers', 'drain'])
    expect(await checkout.run(tool)).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringMatching(/No shop has run in .+ yet: start one with npm start, or set DATABASE_URL\.\n$/),
    });
});

it(
  'the tools find the shop that npm start runs, and the one that it ran',
  async () => {
    const start = await checkout.start({ COMM_MODE: 'async', APP_NAME: 'corner' }).ready();
    const user = await start.post('/users', { email: 'ada@example.org', name: 'Ada' });
    const lines = [{ sku: 'tea', quantity: 2, unitPrice: 450 }];
    await start.post('/orders', { userId: user.id, currency: 'EUR', lines });
    expect(await checkout.run('parked')).toMatchObject({ code: 0, output: 'Nothing is parked.\n' });
    const { output } = await checkout.run('subscribers');
    expect(output).toMatch(/^(order\.placed)? +billing +corner\.billing +\d+ +beginning$/m);
    const refused = await checkout.run('drain');
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('A process in COMM_MODE=async works on this database: stop it first.');
    await start.stop();

    expect(await checkout.run('parked', ['--json'])).toMatchObject({ code: 0, output: '{\n  "deliveries": []\n}\n' });
    expect(checkout.running()).toEqual([]);
    const drained = await checkout.run('drain');
    expect(drained).toMatchObject({
      code: 0,
      output: 'Everything of COMM_MODE=async is delivered: any mode may start.\n',
    });
    expect(checkout.running()).toEqual([]);
  },
  LIMIT_MS,
);
