import type { LedgerLine } from './ledger.js';
import type { TestShop } from './shop.js';

const TABLES = ['users', 'orders', 'invoices', 'refunds', 'shipments', 'contacts', 'mails', 'sales', 'registrations'];

interface Traces {
  tables: Record<string, unknown[]>;
  inbox: unknown[];
  ledger: LedgerLine[];
}

/** All that the shop has done: its rows, its marks, and what the outside world has seen. */
export async function traces(shop: TestShop): Promise<Traces> {
  const tables: Traces['tables'] = {};
  for (const table of TABLES) tables[table] = await shop.rows(`SELECT * FROM ${table} t ORDER BY t::text`);
  const inbox = await shop.rows(`SELECT * FROM inbox ORDER BY subscriber, event_id`);
  return { tables, inbox, ledger: await shop.ledger.lines() };
}
