import type { Answer } from '../support/customer.js';
import { inEveryMode } from '../support/shop.js';
import { traces } from '../support/traces.js';

interface UserPage {
  users: { id: string; email: string; name: string }[];
  count: number;
}

const cache = (answer: Answer<unknown>) => answer.headers.get('x-cache');

inEveryMode((open) => {
  it('greets a new user once, at their own address, with a Message-ID that a repeat would share', async () => {
    const { customer, ledger } = open();
    const user = await customer.register('Grace Hopper');
    await open().settled();

    const [mail, ...others] = await ledger.mails(user.email);
    expect(mail).toMatchObject({
      to: user.email,
      subject: 'Welcome to the shop',
      messageId: `<welcome.${user.id}@switchyard.example>`,
    });
    expect(mail!.text).toContain('Dear Grace Hopper');
    expect(others).toEqual([]);
  });

  it('counts a registration in the figures and learns how to write to the user', async () => {
    const { customer } = open();
    const registrations = async () =>
      (await customer.get<{ registrations: number }>('/analytics/sales')).body.registrations;
    const before = await registrations();
    const user = await customer.register('Mary Shelley');
    await open().settled();

    expect(await registrations()).toBe(before + 1);
    const contacts = await open().rows(`SELECT name, email FROM contacts WHERE user_id = $1`, [user.id]);
    expect(contacts).toEqual([{ name: 'Mary Shelley', email: user.email }]);
  });

  it('keeps the list of users in the cache until somebody registers', async () => {
    const { customer } = open();
    await customer.register();
    await open().settled();
    const first = await customer.get<UserPage>('/users');
    const second = await customer.get<UserPage>('/users');
    expect([cache(first), cache(second)]).toEqual(['miss', 'hit']);
    expect(second.body).toEqual(first.body);

    const user = await customer.register();
    await open().settled();
    const fresh = await customer.get<UserPage>('/users');
    expect(cache(fresh)).toBe('miss');
    expect(fresh.body.count).toBe(first.body.count + 1);
    expect(fresh.body.users).toContainEqual(user);
  });

  it('keeps a user in the cache, and never the answer that there is none', async () => {
    const { customer } = open();
    const user = await customer.register();
    const known = [await customer.get(`/users/${user.id}`), await customer.get(`/users/${user.id}`)];
    expect(known.map(cache)).toEqual(['miss', 'hit']);
    expect(known[1]!.body).toEqual(user);

    const stranger = '018f2f7e-0000-7000-8000-00000000dead';
    const unknown = [await customer.get(`/users/${stranger}`), await customer.get(`/users/${stranger}`)];
    expect(unknown.map(({ status }) => status)).toEqual([404, 404]);
    expect(unknown.map(cache)).toEqual(['miss', 'miss']);
  });

  it('refuses an e-mail address that is taken, whatever the case of its letters, and nothing happens', async () => {
    const { customer } = open();
    const user = await customer.register();
    await open().settled();
    const before = await traces(open());

    const email = user.email.toUpperCase();
    const answer = await customer.request('POST', '/users', { email, name: 'Somebody Else' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    await open().settled();
    expect(await traces(open())).toEqual(before);
  });
});
