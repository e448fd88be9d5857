import type { Column, Finding } from './finding.js';
import { groupBy } from './groups.js';
import type { Observations, OrderRow } from './observations.js';

/** What an order in its last state must have had, each exactly once; what is not named here must not be there. */
interface Due {
  invoice: string;
  charge: 'captured' | 'declined';
  refund: boolean;
  shipment?: 'standing' | 'cancelled';
  sale: string;
  mails: string[];
}

const PAID: Omit<Due, 'sale' | 'mails' | 'refund'> = { invoice: 'captured', charge: 'captured' };

/** A card that was declined leaves nothing to give back, also when the order was cancelled before it was known. */
const due = ({ status, confirmed }: OrderRow, cardDeclined: boolean): Due | undefined => {
  const received = ['order_received', ...(confirmed ? ['order_confirmed'] : [])];
  if (status === 'shipped') return { ...PAID, refund: false, shipment: 'standing', sale: 'confirmed', mails: received };
  if (status === 'payment_declined') {
    const mails = [...received, 'payment_declined'];
    return { invoice: 'declined', charge: 'declined', refund: false, sale: 'payment_declined', mails };
  }
  if (status !== 'cancelled') return undefined;
  const mails = [...received, 'order_cancelled'];
  if (cardDeclined) return { invoice: 'declined', charge: 'declined', refund: false, sale: 'cancelled', mails };
  const shipment = confirmed ? 'cancelled' : undefined;
  return { invoice: 'refunded', charge: 'captured', refund: true, shipment, sale: 'cancelled', mails };
};

type Say = (column: Column, subject: string, what: string) => void;

/** Each order that was acknowledged is kept, and each that is kept has had all its effects, and no other has any. */
export function judgeOrders(seen: Observations): Finding[] {
  const findings: Finding[] = [];
  const say: Say = (column, subject, what) => void findings.push({ column, subject, what });
  const rows = new Map(seen.kept.orders.map((order) => [order.id, order]));
  for (const { id, told } of seen.orders) {
    if (told === 'acknowledged' && !rows.has(id)) say('lost', id, 'The order was acknowledged and is not kept.');
    if (told === 'refused' && rows.has(id)) say('ghost', id, 'The order was refused and is kept.');
  }
  for (const { id, told } of seen.cancels)
    if (told === 'acknowledged' && rows.get(id)?.status !== 'cancelled')
      say('lost', id, 'The cancellation was acknowledged and is not kept.');
  judgeEffects(seen, rows, say);
  return findings;
}

function judgeEffects(seen: Observations, rows: ReadonlyMap<string, OrderRow>, say: Say): void {
  const { kept, ledger } = seen;
  const first = (kind: string) => ledger.filter((deed) => deed.kind === kind && !deed.repeat);
  const byOrder = <T extends { orderId?: string }>(items: T[]) => groupBy(items, (item) => item.orderId ?? '');
  const state = ({ state: found }: { state?: string }) => found ?? '';
  const effects = {
    invoice: byOrder(kept.invoices.map((row) => ({ ...row, is: state(row) }))),
    charge: byOrder(first('charge').map((deed) => ({ ...deed, is: deed.status ?? '' }))),
    refund: byOrder(first('refund').map((deed) => ({ ...deed, is: '' }))),
    'refund row': byOrder(kept.refunds.map((row) => ({ ...row, is: '' }))),
    shipment: byOrder(kept.shipments.map((row) => ({ ...row, is: state(row) }))),
    booking: byOrder(first('booking').map((deed) => ({ ...deed, is: '' }))),
    unbooking: byOrder(first('unbooking').map((deed) => ({ ...deed, is: '' }))),
    sale: byOrder(kept.sales.map((row) => ({ ...row, is: state(row) }))),
  };
  const mails = groupBy(kept.mails, ({ subjectId }) => subjectId);
  const sent = new Set(ledger.filter(({ kind }) => kind === 'mail').map(({ key }) => key));
  for (const order of rows.values()) {
    const wanted = due(
      order,
      (effects.charge.get(order.id) ?? []).some(({ is }) => is === 'declined'),
    );
    if (!wanted) {
      say('lost', order.id, `The order stays in ${order.status}.`);
      continue;
    }
    const expected: Record<keyof typeof effects, string | undefined> = {
      invoice: wanted.invoice,
      charge: wanted.charge,
      refund: wanted.refund ? '' : undefined,
      'refund row': wanted.refund ? '' : undefined,
      shipment: wanted.shipment,
      booking: wanted.shipment && '',
      unbooking: wanted.shipment === 'cancelled' ? '' : undefined,
      sale: wanted.sale,
    };
    for (const [name, found] of Object.entries(effects) as [keyof typeof effects, Map<string, { is: string }[]>][])
      judgeOne(order.id, name, expected[name], found.get(order.id) ?? [], say);
    const noted = mails.get(order.id) ?? [];
    for (const template of wanted.mails)
      if (!sent.has(`${template}.${order.id}`) || !noted.some((mail) => mail.template === template))
        say('lost', order.id, `The mail ${template} was not sent, or its sending was not kept.`);
    for (const { template } of noted)
      if (!wanted.mails.includes(template)) say('ghost', order.id, `The mail ${template} was sent for nothing.`);
  }
  for (const [name, found] of Object.entries(effects))
    for (const id of found.keys()) if (!rows.has(id)) say('ghost', id, `There is a ${name} without an order.`);
  for (const id of mails.keys())
    if (!rows.has(id) && !kept.users.includes(id)) say('ghost', id, 'There is a mail without an order or a user.');
}

function judgeOne(id: string, name: string, wanted: string | undefined, found: { is: string }[], say: Say): void {
  if (wanted === undefined && found.length > 0) say('ghost', id, `There is a ${name} that nothing has asked for.`);
  if (wanted === undefined) return;
  if (found.length === 0) return say('lost', id, `The ${name} is missing.`);
  if (found.length > 1) return say('twice', id, `There are ${found.length} of its ${name}.`);
  if (found[0]!.is !== wanted) say('lost', id, `Its ${name} is ${found[0]!.is} and should be ${wanted}.`);
}
