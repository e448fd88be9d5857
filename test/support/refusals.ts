import type { TestShop } from './shop.js';
import type { Schema } from './wrong-values.js';

interface Operation {
  parameters?: { in: 'path' | 'query' | 'header'; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** What a test reads of `/openapi.json`. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const TABLES = [
  ...['users', 'orders', 'invoices', 'refunds', 'shipments', 'mails', 'sales', 'registrations', 'contacts'],
  ...['outbox', 'inbox', 'parked', 'idempotency_key'],
];

/** How many rows the shop has kept, and how many deeds the world outside has seen. */
export async function everything(shop: TestShop): Promise<unknown> {
  const counts = TABLES.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  return { rows: await shop.rows(`SELECT ${counts.join()}`), outside: (await shop.ledger.lines()).length };
}

interface WrongRequest {
  method: string;
  path: string;
  body?: string;
  headers: Record<string, string>;
  /** What the answer has to name. */
  field?: string;
}

/** Sends it, and says what is wrong with the answer; undefined for a problem document that blames the client. */
export async function complaintOf(shop: TestShop, request: WrongRequest): Promise<string | undefined> {
  const answer = await shop.customer.request(request.method, request.path, request.body, request.headers);
  const { status, body: problem } = answer;
  const said = `${status} ${JSON.stringify(problem)?.slice(0, 300)}`;
  if (status < 400 || status > 499) return said;
  if (answer.headers.get('content-type') !== 'application/problem+json') return `${said} is no problem document`;
  if (problem.status !== status || typeof problem.code !== 'string' || typeof problem.detail !== 'string') return said;
  const fields = ((problem.errors ?? []) as { field: string }[]).map((error) => error.field);
  // A name that reaches into the prototypes is not repeated below the field that it is in.
  const root = request.field?.replace(/\.?__proto__$/, '');
  return root && !fields.some((name) => name.startsWith(root)) ? `${said} does not name ${root}` : undefined;
}
