import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import nodemailer from 'nodemailer';
import { type StandIns, startStandIns } from './stand-ins.js';

const ORDER = '0198c0de-0000-7000-8000-000000000001';
let dir: string;
let world: StandIns;

const call = async (method: string, route: string, body?: unknown, key?: string) => {
  const response = await fetch(world.paymentUrl + route, {
    method,
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(key ? { 'idempotency-key': key } : {}) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(1_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const charge = (key: string, amount = 1200) =>
  call('POST', '/charges', { orderId: ORDER, amount, currency: 'EUR' }, key);
const ledger = async () =>
  (await (await fetch(`${world.mailboxUrl}/ledger`)).text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const startAgain = async () => {
  await world.close();
  world = await startStandIns({ dir });
};
const send = (subject = 'Hello', to = 'ada@example.org') => {
  const { hostname, port } = new URL(world.smtpUrl);
  const transport = nodemailer.createTransport({
    host: hostname,
    port: Number(port),
    greetingTimeout: 300,
    socketTimeout: 300,
  });
  return transport.sendMail({
    from: 'Shop <shop@example.org>',
    to,
    subject,
    text: 'Grüße <b>',
    messageId: '<m1@shop>',
  });
};

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'stand-ins-'));
  world = await startStandIns({ dir });
});
afterEach(async () => {
  await world.close();
  fs.rmSync(dir, { recursive: true });
});

describe('the payment provider', () => {
  it('charges once for a key and gives the first answer again, also after a restart', async () => {
    const first = await charge('k1');
    expect(first).toMatchObject({
      status: 201,
      body: { orderId: ORDER, amount: 1200, currency: 'EUR', status: 'captured' },
    });
    expect(await charge('k1')).toEqual(first);
    await startAgain();
    expect(await charge('k1')).toEqual(first);
    expect((await call('GET', `/charges?orderId=${ORDER}`)).body.charges).toEqual([first.body]);
    expect((await ledger()).map(({ kind, idempotencyKey, repeat }) => [kind, idempotencyKey, repeat])).toEqual([
      ['charge', 'k1', undefined],
      ['charge', 'k1', true],
      ['charge', 'k1', true],
    ]);
  });

  it('charges once when the same key arrives many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge('k1')));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await call('GET', `/charges?orderId=${ORDER}`)).body.charges).toHaveLength(1);
  });

  it('charges twice for two keys: it does not know what an order is', async () => {
    await charge('k1');
    await charge('k2');
    expect((await call('GET', `/charges?orderId=${ORDER}`)).body.charges).toHaveLength(2);
  });

  it('declines an amount of 402, and declines it again under the same key', async () => {
    const declined = await charge('k1', 402);
    expect(declined).toMatchObject({ status: 201, body: { status: 'declined', reason: 'card_declined' } });
    expect(await charge('k1', 402)).toEqual(declined);
    expect((await call('POST', '/refunds', { orderId: ORDER }, 'r1')).body).toEqual({
      status: 'nothing_to_refund',
      orderId: ORDER,
    });
  });

  it('keeps its decision about a card when the decline rate changes', async () => {
    await call('PUT', '/knobs', { target: 'payment', declineRate: 1 });
    const declined = await charge('k1');
    expect(declined.body.status).toBe('declined');
    await call('PUT', '/knobs', { target: 'payment' });
    expect(await charge('k1')).toEqual(declined);
  });

  it('refunds each charge once', async () => {
    const { body } = await charge('k1');
    const refund = await call('POST', '/refunds', { orderId: ORDER }, 'r1');
    expect(refund).toMatchObject({
      status: 201,
      body: { chargeId: body.id, amount: 1200, currency: 'EUR', status: 'refunded' },
    });
    expect(await call('POST', '/refunds', { orderId: ORDER }, 'r1')).toEqual(refund);
    await startAgain();
    expect((await call('POST', '/refunds', { orderId: ORDER }, 'r2')).body.status).toBe('nothing_to_refund');
  });

  it.each([
    ['another body under the same key', 422, { orderId: ORDER, amount: 1300, currency: 'EUR' }, 'k1'],
    ['no key', 400, { orderId: ORDER, amount: 1200, currency: 'EUR' }, undefined],
    ['a negative amount', 422, { orderId: ORDER, amount: -1, currency: 'EUR' }, 'k2'],
    ['broken JSON', 400, '{', 'k2'],
    ['a body of 70 kB', 413, 'x'.repeat(70_000), 'k2'],
  ])('refuses %s', async (_what, status, body, key) => {
    await charge('k1');
    expect((await call('POST', '/charges', body, key)).status).toBe(status);
    expect(await ledger()).toHaveLength(1);
  });
});

describe('the carrier', () => {
  it('books once for a key and takes the parcel back once', async () => {
    const booking = await call('POST', '/bookings', { orderId: ORDER }, 'b1');
    expect(booking).toMatchObject({ status: 201, body: { orderId: ORDER, tracking: expect.any(String) } });
    expect(await call('POST', '/bookings', { orderId: ORDER }, 'b1')).toEqual(booking);
    await startAgain();
    expect((await call('DELETE', `/bookings/${ORDER}`, undefined, 'u1')).body).toMatchObject({
      orderId: ORDER,
      status: 'cancelled',
    });
    expect((await call('DELETE', `/bookings/${ORDER}`, undefined, 'u1')).body.status).toBe('cancelled');
    expect((await call('DELETE', `/bookings/${ORDER}`, undefined, 'u2')).body).toEqual({
      orderId: ORDER,
      status: 'nothing_to_cancel',
    });
    await startAgain();
    expect((await call('GET', `/bookings?orderId=${ORDER}`)).body.bookings).toMatchObject([
      { ...booking.body, status: 'cancelled' },
    ]);
  });
});

describe('the knobs', () => {
  it.each([
    ['a share above one', { target: 'payment', errorRate: 2 }],
    ['an unknown target', { target: 'moon' }],
    ['an unknown field', { target: 'payment', latency: 1 }],
    ['a carrier that declines', { target: 'carrier', declineRate: 0.5 }],
  ])('refuse %s', async (_what, knob) => {
    expect((await call('PUT', '/knobs', knob)).status).toBe(422);
  });

  it('make a provider refuse, hang and fail, and nothing of it is in the ledger', async () => {
    await call('PUT', '/knobs', { target: 'payment', mode: 'refuse' });
    await expect(charge('k1')).rejects.toThrow('fetch failed');
    await call('PUT', '/knobs', { target: 'payment', mode: 'hang' });
    await expect(charge('k1')).rejects.toThrow(/timeout/);
    await call('PUT', '/knobs', { target: 'payment', errorRate: 1 });
    expect((await charge('k1')).status).toBe(503);
    expect(await ledger()).toEqual([]);
    expect((await call('POST', '/bookings', { orderId: ORDER }, 'b1')).status).toBe(201);
    await call('PUT', '/knobs', { target: 'payment' });
    expect((await charge('k1')).status).toBe(201);
  });

  it('answer late about what has happened already', async () => {
    await call('PUT', '/knobs', { target: 'payment', latencyMs: 60_000 });
    await expect(charge('k1')).rejects.toThrow(/timeout/);
    expect(await ledger()).toHaveLength(1);
  });
});

describe('the mailbox', () => {
  it('keeps each mail, by address and as a page that escapes what it shows', async () => {
    await send('<script>alert(1)</script>');
    await startAgain();
    await send('Again', 'bob@example.org');
    const mails = (await (await fetch(`${world.mailboxUrl}/mails?to=ADA@example.org`)).json()) as unknown[];
    expect(mails).toEqual([
      {
        id: '1',
        messageId: '<m1@shop>',
        from: 'shop@example.org',
        to: 'ada@example.org',
        subject: '<script>alert(1)</script>',
        text: expect.stringContaining('Grüße <b>'),
        at: expect.any(String),
      },
    ]);
    expect((await ledger()).map(({ kind, repeat }) => [kind, repeat])).toEqual([
      ['mail', undefined],
      ['mail', true],
    ]);
    const page = await (await fetch(world.mailboxUrl)).text();
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert(1)');
  });

  it('refuses, hangs and fails as the knob says', async () => {
    await call('PUT', '/knobs', { target: 'smtp', mode: 'refuse' });
    await expect(send()).rejects.toMatchObject({ responseCode: 421 });
    await call('PUT', '/knobs', { target: 'smtp', errorRate: 1 });
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await call('PUT', '/knobs', { target: 'smtp', mode: 'hang' });
    await expect(send()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(await ledger()).toEqual([]);
  });
});

describe('the ledger', () => {
  it('drops a last line that a kill has cut off, and goes on behind the whole ones', async () => {
    await charge('k1');
    await world.close();
    fs.appendFileSync(path.join(dir, 'ledger.jsonl'), '{"kind":"charge","idempotencyKey":"k2","am');
    world = await startStandIns({ dir });
    await charge('k3');
    expect((await ledger()).map(({ idempotencyKey }) => idempotencyKey)).toEqual(['k1', 'k3']);
  });
});
