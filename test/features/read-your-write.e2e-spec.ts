import { randomUUID } from 'node:crypto';
import { inEveryMode } from '../support/shop.js';

/** What an order may be once its payment's outcome is known; the carrier may have been as quick. */
const PAID = ['confirmed', 'shipped'];

inEveryMode(
  (open) => {
    it('answers with the outcome of the payment when the client prefers to wait', async () => {
      const { customer } = open();
      const user = await customer.register();
      const answer = await customer.order(user.id, 2500, { prefer: 'wait=5' });
      expect(answer.status).toBe(201);
      expect(PAID).toContain(answer.body.status);
      expect(answer.headers.get('preference-applied')).toBe('wait=5');
      expect(PAID).toContain((await customer.read(answer.body.id)).status);
    });

    it('answers at once to a client that does not wait, before or with the outcome, as the mode promises', async () => {
      const { customer, gate, guarantees } = open();
      const user = await customer.register();
      const { arrived, release } = gate.hold('POST /charges');
      const answer = customer.order(user.id);
      await arrived;
      if (guarantees.effectsVisibleOnReturn) release();
      const { status, headers, body } = await answer;
      expect(status).toBe(201);
      expect(headers.has('preference-applied')).toBe(false);
      expect((await customer.read(body.id)).status).toBe(guarantees.effectsVisibleOnReturn ? 'shipped' : 'placed');
      release();
      await open().settled();
    });

    it('does not wait longer than the client, where the provider can be waited for at all', async () => {
      const { customer, gate, guarantees } = open();
      const user = await customer.register();
      const { arrived, release } = gate.hold('POST /charges');
      let answered = false;
      const waiting = customer.order(user.id, 2500, { prefer: 'wait=1' }).finally(() => (answered = true));
      await arrived;
      if (guarantees.effectsVisibleOnReturn) {
        expect(answered).toBe(false);
        release();
      }
      // With the charge still held, only the client's own limit can bring this answer.
      const answer = await waiting;
      expect(answer.status).toBe(201);
      expect(answer.headers.get('preference-applied')).toBe('wait=1');
      expect(answer.body.status).toBe(guarantees.effectsVisibleOnReturn ? 'shipped' : 'placed');
      release();
      await open().settled();
    });

    it('waits anew for a repeat, whose first answer knew no outcome', async () => {
      const { customer, gate, guarantees } = open();
      const user = await customer.register();
      const key = { 'idempotency-key': `key-${randomUUID()}` };
      const { arrived, release } = gate.hold('POST /charges');
      const first = customer.order(user.id, 2500, key);
      await arrived;
      if (!guarantees.effectsVisibleOnReturn) expect((await first).body.status).toBe('placed');
      const repeat = customer.order(user.id, 2500, { ...key, prefer: 'wait=5' });
      release();
      expect((await repeat).body.id).toBe((await first).body.id);
      expect(PAID).toContain((await repeat).body.status);
      await open().settled();
    });

    it('says that the card was declined, as the mode promises, when the client waits for it', async () => {
      const { customer, guarantees } = open();
      const user = await customer.register();
      const answer = await customer.order(user.id, 402, { prefer: 'wait=5' });
      expect(answer).toMatchObject(
        guarantees.declinedCard === 'refused'
          ? { status: 402, body: { code: 'payment_declined' } }
          : { status: 201, body: { status: 'payment_declined' } },
      );
    });
  },
  { env: { PROVIDER_TIMEOUT: '9s' } },
);
