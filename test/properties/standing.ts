import type { Observations } from '../chaos/observations.js';

/** What an order comes to, whatever way it went. */
export interface Standing {
  status: string;
  /** Charged and not given back. */
  paid: boolean;
  /** Parcels that are on their way, by the carrier's own book. */
  parcels: number;
  invoice?: string;
  sale?: string;
  mails: string[];
}

/**
 * The final state of each order that stands. Two differences between the designs are by design, and are left out: an
 * order whose card was declined is refused in `sync` and kept as declined in `async`; and one that is cancelled early was
 * confirmed and shipped before in `sync`, so that its mails and its parcel say so.
 */
export function standing({ kept, ledger }: Observations): Record<string, Standing> {
  const states = kept.orders
    .filter(({ id }) => !ledger.some(({ orderId, status }) => orderId === id && status === 'declined'))
    .map(({ id, status }): [string, Standing] => {
      const of = <T extends { orderId?: string }>(items: T[]) => items.filter(({ orderId }) => orderId === id);
      const deeds = of(ledger).filter(({ repeat }) => !repeat);
      const count = (kind: string) => deeds.filter((deed) => deed.kind === kind).length;
      const mails = kept.mails.filter(({ subjectId }) => subjectId === id).map(({ template }) => template);
      return [
        id,
        {
          status,
          paid: count('charge') - count('refund') > 0,
          parcels: count('booking') - count('unbooking'),
          invoice: of(kept.invoices)[0]?.state,
          sale: of(kept.sales)[0]?.state,
          mails: mails.filter((template) => status !== 'cancelled' || template !== 'order_confirmed').sort(),
        },
      ];
    });
  return Object.fromEntries(states);
}
