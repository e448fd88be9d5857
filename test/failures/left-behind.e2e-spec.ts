import { Mailer } from '../../src/modules/notifications/mailer.js';
import { inEveryMode } from '../support/shop.js';

/** What a failure can leave in the world outside, where nothing is rolled back. */
inEveryMode((open) => {
  const withoutOrder = async (orderIds: string[]): Promise<string[]> => {
    const rows = await open().rows<{ id: string }>(`SELECT id FROM orders WHERE id = ANY ($1)`, [orderIds]);
    return orderIds.filter((orderId) => !rows.some(({ id }) => id === orderId));
  };

  it('leaves a charge without an order when the mail fails after it, where the mode says that it can', async () => {
    const { customer, ledger, guarantees } = open();
    const user = await customer.register();
    await open().settled();
    await ledger.behave('smtp', { mode: 'refuse' });
    await customer.order(user.id);
    await ledger.behave('smtp');
    await open().settled();

    const charged = (await ledger.lines()).flatMap(({ kind, orderId }) => (kind === 'charge' && orderId) || []);
    expect(await withoutOrder(charged)).toHaveLength(guarantees.chargeWithoutOrder ? 1 : 0);
  });

  it('leaves a mail without an order when the second mail fails, where the mode says that it can', async () => {
    const { customer, ledger, guarantees } = open();
    const user = await customer.register();
    await open().settled();
    const mailer = open().shop.app.get(Mailer, { strict: false });
    const send = mailer.send.bind(mailer);
    const broken = jest.spyOn(mailer, 'send').mockImplementation((mail) => {
      if (!mail.subject.includes('is confirmed')) return send(mail);
      return Promise.reject(new Error('The connection to the mail server broke.'));
    });
    const { status } = await customer.order(user.id);
    expect(status === 201).toBe(guarantees.acknowledgedDuringOutageOf.includes('notifications'));
    broken.mockRestore();
    await open().settled();

    const subjects = await ledger.subjects(user.email);
    const received = subjects.flatMap((subject) => /^We have your order (\S+)/.exec(subject)?.[1] ?? []);
    expect(received).toHaveLength(1);
    expect(await withoutOrder(received)).toHaveLength(guarantees.mailWithoutOrder ? 1 : 0);
  });
});
