/**
 * What the lab reads of a shop's database, repeated by hand: the lab imports nothing of the shop, and a test compares
 * these names with the migrated schema.
 */
export const TABLES = {
  users: ['id', 'email'],
  orders: ['id', 'user_id', 'status', 'total', 'currency', 'sequence', 'mode', 'placed_at'],
  invoices: ['order_id', 'amount', 'status', 'at'],
  refunds: ['order_id', 'at'],
  shipments: ['order_id', 'at', 'cancelled_at'],
  sales: ['order_id', 'total', 'status', 'sequence', 'changed_at'],
  mails: ['subject_id', 'template', 'at'],
  contacts: ['user_id'],
  registrations: ['user_id'],
  order_timeline: ['order_id', 'effect', 'detail', 'at'],
  outbox: ['seq', 'event_id', 'name', 'key', 'sequence', 'announced_at'],
  inbox: ['subscriber', 'event_id', 'marked_at'],
  parked_key: ['subscriber', 'topic', 'key', 'depth', 'due_at', 'lease_until', 'error'],
  parked: ['id', 'subscriber', 'topic', 'key', 'event_id', 'name', 'parked_at'],
} as const satisfies Record<string, readonly string[]>;
