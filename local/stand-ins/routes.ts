import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { BookingRequest, type Carrier } from './carrier.js';
import { type Call, Refusal, type Reply, type Route } from './http.js';
import { Knob, type Knobs, type Target } from './knobs.js';
import type { Ledger } from './ledger.js';
import type { Mailbox } from './mailbox.js';
import { mailboxPage } from './mailbox-page.js';
import { ChargeRequest, type Payments, RefundRequest } from './payments.js';

export function paymentRoutes(payments: Payments, knobs: Knobs): Route[] {
  return [
    [
      'POST',
      /^\/charges$/,
      behind(knobs, 'payment', async (call) => {
        const body = await payments.charge(call.idempotencyKey(), await call.body(ChargeRequest));
        return { status: 201, body };
      }),
    ],
    [
      'POST',
      /^\/refunds$/,
      behind(knobs, 'payment', async (call) => {
        const request = await call.body(RefundRequest);
        const refund = await payments.refund(call.idempotencyKey(), request);
        return refund
          ? { status: 201, body: refund }
          : { status: 200, body: { status: 'nothing_to_refund', orderId: request.orderId } };
      }),
    ],
    [
      'GET',
      /^\/charges$/,
      behind(knobs, 'payment', (call) => ({ status: 200, body: { charges: payments.of(orderOf(call)) } })),
    ],
  ];
}

export function carrierRoutes(carrier: Carrier, knobs: Knobs): Route[] {
  return [
    [
      'POST',
      /^\/bookings$/,
      behind(knobs, 'carrier', async (call) => {
        const body = await carrier.book(call.idempotencyKey(), await call.body(BookingRequest));
        return { status: 201, body };
      }),
    ],
    [
      'DELETE',
      /^\/bookings\/([^/]+)$/,
      behind(knobs, 'carrier', async (call) => {
        const orderId = call.params[0]!;
        const cancelled = await carrier.unbook(call.idempotencyKey(), orderId);
        return { status: 200, body: cancelled ?? { orderId, status: 'nothing_to_cancel' } };
      }),
    ],
    [
      'GET',
      /^\/bookings$/,
      behind(knobs, 'carrier', (call) => ({ status: 200, body: { bookings: carrier.of(orderOf(call)) } })),
    ],
  ];
}

/** What people and tools use, whatever the knobs say. */
export function deskRoutes(mailbox: Mailbox, knobs: Knobs, ledger: Ledger): Route[] {
  return [
    ['GET', /^\/$/, () => ({ html: mailboxPage(mailbox.list()) })],
    ['GET', /^\/mails$/, ({ query }) => ({ status: 200, body: mailbox.list(query.get('to') ?? undefined) })],
    ['GET', /^\/knobs$/, () => ({ status: 200, body: knobs.all() })],
    [
      'PUT',
      /^\/knobs$/,
      async (call) => {
        const knob = await call.body(Knob);
        knobs.set(knob);
        return { status: 200, body: knob };
      },
    ],
    [
      'GET',
      /^\/ledger$/,
      async ({ response }): Promise<Reply> => {
        response.writeHead(200, { 'content-type': 'application/jsonl' });
        await pipeline(fs.createReadStream(ledger.file), response);
        return 'answered';
      },
    ],
  ];
}

/** Lets the knobs decide first. The answer comes late, but what it tells has happened: so do timeouts in real life. */
function behind(knobs: Knobs, target: Target, act: (call: Call) => Promise<Reply> | Reply) {
  return async (call: Call): Promise<Reply> => {
    const fate = knobs.fate(target, `${call.request.method} ${String(call.request.headers['idempotency-key'])}`);
    if (fate === 'hang') return 'answered';
    if (fate === 'refuse') {
      call.request.socket.destroy();
      return 'answered';
    }
    if (fate === 'fail') throw new Refusal(503, `The ${target} provider has a bad moment.`);
    const reply = await act(call);
    await pause(knobs.of(target).latencyMs, undefined, { ref: false });
    return reply;
  };
}

function orderOf({ query }: Call): string {
  const orderId = query.get('orderId');
  if (!orderId) throw new Refusal(400, 'Name the order: ?orderId=…');
  return orderId;
}
