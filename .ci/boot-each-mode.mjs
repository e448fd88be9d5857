import { steps, until, withShop } from './shop.mjs';

/** Boots the built dist/ in each mode, as ES modules, and places one order: what jest, which runs CommonJS, cannot show. */
const MODES = ['sync', 'async', 'async-local', 'sync-after-commit', 'async-dual-write'];
const EFFECTS = [
  'order.placed',
  'invoice.opened',
  'payment.captured',
  'order.confirmed',
  'shipment.scheduled',
  'order.shipped',
  'mail.sent',
  'sale.recorded',
];

async function call(url, method = 'GET', body = undefined) {
  const headers = body ? { 'content-type': 'application/json' } : {};
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

async function placeOneOrder(mode, url) {
  const user = await call(`${url}/users`, 'POST', { email: `ada@${mode}.example`, name: 'Ada' });
  const lines = [{ sku: 'tea-500', quantity: 2, unitPrice: 1250 }];
  const placed = await call(`${url}/orders`, 'POST', { userId: user.id, lines, currency: 'EUR' });
  if (placed.total !== 2500) throw new Error(`2 × 1250 came to ${placed.total}`);
  await until('the order was not shipped', 60_000, async (last) => {
    const order = await call(`${url}/orders/${placed.id}`);
    return last(order).status === 'shipped' || undefined;
  });
  await until('an effect was missing in the timeline', 30_000, async (last) => {
    const timeline = await call(`${url}/orders/${placed.id}/timeline`);
    if (timeline.mode !== mode) throw new Error(`an order of ${mode} says that it was placed in ${timeline.mode}`);
    const missing = EFFECTS.filter((name) => !timeline.effects.some(({ effect }) => effect === name));
    return last(missing).length === 0 || undefined;
  });
}

await steps(
  Object.fromEntries(
    MODES.map((mode) => [`boot dist/ in ${mode}, one order`, () => withShop(mode, (url) => placeOneOrder(mode, url))]),
  ),
);
