import type { Observations } from '../chaos/observations.js';

/** What was seen of some orders only: a sequence that is tried after a bad one must not be blamed for it. */
export function about(ids: ReadonlySet<string>, seen: Observations): Observations {
  const ofOrder = <T extends { orderId: string }>(rows: T[]) => rows.filter(({ orderId }) => ids.has(orderId));
  const withId = <T extends { id: string }>(rows: T[]) => rows.filter(({ id }) => ids.has(id));
  const { kept } = seen;
  return {
    ...seen,
    users: [],
    orders: withId(seen.orders),
    cancels: withId(seen.cancels),
    kept: {
      users: [],
      orders: withId(kept.orders),
      invoices: ofOrder(kept.invoices),
      refunds: ofOrder(kept.refunds),
      shipments: ofOrder(kept.shipments),
      sales: ofOrder(kept.sales),
      contacts: [],
      registrations: [],
      mails: kept.mails.filter(({ subjectId }) => ids.has(subjectId)),
    },
    // A mail has its order behind the template.
    ledger: seen.ledger.filter(({ orderId, key }) => ids.has(orderId ?? key.slice(key.indexOf('.') + 1))),
    records: seen.records.filter(({ subject }) => ids.has(subject)),
    aggregates: withId(seen.aggregates),
    parked: seen.parked.filter(({ key }) => ids.has(key)),
  };
}
